"""Whole lists in Estonian, Polish, Danish and Hebrew: columns, kinds, answers, dates and numbers as clerks write them.

The rows are made up; the headers are put together as such lists are, for no whole list of these countries is at hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from takecover.analysis.parsed import NO, UNKNOWN, YES
from takecover.analysis.register import GIVEN, UNSAID
from takecover.io import registry
from takecover.workflow.read_register import Listing, settled


class Whole(NamedTuple):
    """A list as it is published, its encoding, its grid where several fit, and its first point [degree]."""

    text: str
    encoding: str
    epsg: int | None
    lon: float
    lat: float


LISTS = {
    "et": Whole(
        "Avalikud varjumiskohad seisuga 01.11.2026\n"
        "Jrk nr;Objekti nimi;Aadress;Linnaosa;Varjendi liik;Mahutavus;Pindala;Põhi;Ida;Lahtiolekuajad;Ligipääsetavus;"
        "Seisund;Kontrolli kuupäev;Sissepääsude arv;Haldaja;Kontaktisik\n"
        "1;Kesklinna kool;Õie tn 3;Kesklinn;Kelder;1 200;900,5;6588900,5;542300,0;ööpäevaringselt;jah;kasutuskõlblik;"
        "01.03.2026;2;Tallinna linn;Mari Tamm\n"
        "2;Viru parkla;Viru väljak 4;Kesklinn;Parkimismaja;350 kohta;;6588700,0;542700,0;E-R 8-18;ei;remondis;"
        "15.10.2025;4;AS Parkla;5551234567\n"
        "3;Nõmme varjend;Männi 7;Nõmme;Varjend;teadmata;120;6583900,0;538100,0;teadmata;puudub;kavandatud;;1;Nõmme;\n",
        "cp1257", 3301, 24.75, 59.43,
    ),
    "pl": Whole(
        "Lp.;Nazwa obiektu;Adres;Dzielnica;Rodzaj schronu;Liczba miejsc;Powierzchnia m2;Szerokość geograficzna;"
        "Długość geograficzna;Godziny otwarcia;Dostępność;Stan techniczny;Data kontroli;Liczba wejść;Właściciel;"
        "Telefon\n"
        "1;Szkoła nr 5;ul. Żółkiewskiego 3;Śródmieście;Piwnica;1 200;900,5;52,2297;21,0122;całodobowo;tak;sprawny;"
        "01.03.2026;2;Gmina;22 123 45 67\n"
        "2;Garaż Centrum;ul. Złota 44;Wola;Garaż;350 miejsc;;52,2301;21,0030;8-18;nie;do remontu;15.10.2025;4;"
        "SM Wola;\n"
        "3;Schron Północ;ul. Łąkowa 7;Bielany;Schron;brak danych;120;52,2900;20,9500;nieznane;brak;w budowie;;1;"
        "Gmina;\n",
        "cp1250", None, 21.0122, 52.2297,
    ),
    "da": Whole(
        "Løbenr,Navn,Adresse,Bydel,Rumtype,Antal pladser,Areal m2,Breddegrad,Længdegrad,Åbningstider,Kørestol,Tilstand,"
        "Sidst kontrolleret,Antal indgange,Ejer,Kontaktperson\n"
        "1,Søndermarkskolen,Høffdingsvej 14,Valby,Kælder,1.200,\"900,5\",\"55,6661\",\"12,5086\",hele døgnet,ja,i brug,"
        "01.03.2026,2,Københavns Kommune,Søren Ø\n"
        "2,P-hus Nyboder,Adelgade 10,Indre By,Kælderparkering,350 pladser,,\"55,6858\",\"12,5843\",8-18,nej,"
        "ude af drift,15.10.2025,4,P-hus A/S,\n"
        "3,Østre Anlæg,Stockholmsgade 1,Østerbro,Sikringsrum,ukendt,120,\"55,6900\",\"12,5800\","
        "ukendt,mangler,planlagt,,1,,\n",
        "cp1252", None, 12.5086, 55.6661,
    ),
    "he": Whole(
        "מספר מקלט;שם המקלט;כתובת;שכונה;סוג מקלט;קיבולת;שטח במ\"ר;קו רוחב;קו אורך;שעות פתיחה;נגישות;מצב;"
        "תאריך בדיקה;מספר כניסות;אחראי;דוא\"ל\n"
        "1;בית ספר אלון;הרצל 3;מרכז;מרתף;1,200;900.5;31.2520;34.7915;24/7;כן;כשיר;01.03.2026;2;עירייה;08-6463777\n"
        "2;חניון הקניון;רגר 44;נווה זאב;חניון;350 מקומות;;31.2433;34.7930;8-18;לא;לא כשיר;15.10.2025;4;קניון;\n"
        "3;מקלט צפון;האלה 7;רמות;מקלט;לא ידוע;120;31.2790;34.8100;לא ידוע;אין;מתוכנן;;1;עירייה;\n",
        "cp1255", None, 34.7915, 31.252,
    ),
}  # fmt: skip
KINDS = {
    "et": ["basement", "car_park", "sealed_shelter"],
    "pl": ["basement", "car_park", "sealed_shelter"],
    "da": ["basement", "car_park", "sealed_shelter"],
    "he": ["basement", "car_park", "shelter"],
}


@pytest.mark.parametrize("encoding", ["its own", "utf-8-sig"])
@pytest.mark.parametrize("language", LISTS)
def test_a_whole_list_is_read_in_its_own_language(tmp_path: Path, language: str, encoding: str) -> None:
    whole = LISTS[language]
    path = tmp_path / "list.csv"
    path.write_bytes(whole.text.encode(whole.encoding if encoding == "its own" else encoding))
    found, _ = settled(registry.read(path), None, Listing(epsg=whole.epsg))
    rows = found.shelters
    assert found.language == language
    assert rows.kinds.tolist() == KINDS[language]
    assert found.is_kind_known.tolist() == [True, True, True]
    assert rows.capacity.tolist() == [1200, 350, 0]
    assert found.capacity_from.tolist() == [GIVEN, GIVEN, UNSAID]
    assert found.area_m2.tolist()[::2] == [900.5, 120.0]
    assert rows.step_free.tolist() == [YES, NO, NO]
    assert (found.exists.tolist(), found.is_usable.tolist()) == ([YES, YES, NO], [YES, NO, NO])
    assert found.is_always_open.tolist() == [YES, NO, UNKNOWN]
    assert found.verified_on.astype(str).tolist() == ["2026-03-01", "2025-10-15", "NaT"]
    assert found.entrance_count.tolist() == [2, 4, 1]
    assert (rows.lon[0], rows.lat[0]) == pytest.approx((whole.lon, whole.lat), abs=0.02)
    assert "" not in found.addresses
    assert "" not in found.districts
    assert len(found.personal_columns) == 2
    assert [note.rule for note in found.notes] in ([], ["broken_cell"], ["personal_data"])
