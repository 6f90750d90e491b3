"""Columns, kinds and answers are recognised in every language that registers come in."""

from __future__ import annotations

import pytest

from takecover.io import register_words

HEADERS = {
    "uk": ("№", "Адреса", "Вид укриття", "Місткість, осіб", "Площа, м2", "Широта", "Довгота", "Район", "Пандус"),
    "en": ("ID", "Address", "Type", "Capacity", "Area", "Latitude", "Longitude", "District", "Wheelchair"),
    "he": ("מספר מקלט", "כתובת", "סוג מקלט", "קיבולת", "שטח", "קו רוחב", "קו אורך", "שכונה", "נגישות"),
    "he_latn": ("Mispar miklat", "Ktovet", "Sug miklat", "Kibolet", "Shetach", "Rochav", "Orech", "Shchuna", "Nagish"),
    "sv": ("Skyddsrumsnr", "Gatuadress", "Typ", "Antal platser", "Yta", "Latitud", "Longitud", "Stadsdel", "Rullstol"),
    "nb": ("Romnr", "Gateadresse", "Kategori", "Plasser", "Areal", "Breddegrad", "Lengdegrad", "Bydel", "Rullestol"),
    "da": ("Løbenr", "Vejadresse", "Rumtype", "Pladser", "Areal", "Breddegrad", "Længdegrad", "Bydel", "Kørestol"),
    "pl": ("Lp.", "Adres", "Rodzaj", "Pojemność", "Powierzchnia", "Szerokość", "Długość", "Dzielnica", "Podjazd"),
    "et": ("Registrikood", "Aadress", "Liik", "Mahutavus", "Pindala", "Laiuskraad", "Pikkuskraad", "Asum", "Ratastool"),
}  # fmt: skip
ROLES = ("shelter_id", "address", "kind", "capacity", "area_m2", "lat", "lon", "district", "step_free")

MORE = {
    "uk": ("Балансоутримувач", "Телефон", "Дата обстеження", "Режим роботи", "Стан", "Кількість входів"),
    "en": ("Owner", "Phone", "Verified at", "Opening hours", "Condition", "Entrances"),
    "he": ("בעלים", "טלפון", "תאריך בדיקה", "שעות פתיחה", "מצב", "כניסות"),
    "he_latn": ("Baalim", "Telefon", "Taarich bdika", "Sheot ptiha", "Matzav", "Mispar knisot"),
    "sv": ("Fastighetsägare", "Telefon", "Kontrolldatum", "Öppettider", "Skick", "Ingångar"),
    "nb": ("Eier", "Mobil", "Sist kontrollert", "Åpningstider", "Tilstand", "Innganger"),
    "da": ("Ejer", "Telefon", "Kontroldato", "Åbningstider", "Tilstand", "Indgange"),
    "pl": ("Zarządca", "Telefon", "Data przeglądu", "Godziny otwarcia", "Stan techniczny", "Liczba wejść"),
    "et": ("Haldaja", "Telefon", "Ülevaatuse kuupäev", "Lahtiolekuajad", "Seisund", "Sissepääsude arv"),
}
MORE_ROLES = ("holder", "contact", "verified_on", "hours", "status", "entrances")


@pytest.mark.parametrize("language", register_words.LANGUAGES)
def test_the_columns_of_every_language_are_recognised(language: str) -> None:
    columns, personal, spoken = register_words.find_columns((*HEADERS[language], *MORE[language]))
    wanted = dict(zip((*ROLES, *MORE_ROLES), (*HEADERS[language], *MORE[language]), strict=True))
    assert columns == wanted
    assert personal == MORE[language][:2]
    assert spoken == language or {spoken, language} <= {"nb", "da"}


@pytest.mark.parametrize("language", register_words.LANGUAGES)
@pytest.mark.parametrize("role", register_words.roles())
def test_every_role_has_words_in_every_language(language: str, role: str) -> None:
    table = register_words._table("register_words.csv")
    assert any(each[:2] == (role, language) for each in table)


KINDS = {
    "uk": ("Станція метрополітену", "Підземний перехід", "Підземний паркінг", "Підвал ОЗ", "Сховище"),
    "en": ("Metro station", "Underpass", "Car park", "Basement", "Bomb shelter"),
    "he": ("רכבת תחתית", "מעבר תת קרקעי", "חניון", "מרתף", "מיגונית"),
    "he_latn": ("Rakevet tachtit", "Maavar tat-karkai", "Hanyon", "Martef", "Mamad"),
    "sv": ("Tunnelbana", "Gångtunnel", "Parkering", "Källare", "Skyddsrum"),
    "nb": ("T-bane", "Undergang", "Parkeringshus", "Kjeller", "Tilfluktsrom"),
    "da": ("Metro", "Gangtunnel", "Garage", "Kælder", "Sikringsrum"),
    "pl": ("Stacja metra", "Przejście podziemne", "Garaż", "Piwnica", "Schron"),
    "et": ("Metroo", "Jalakäijate tunnel", "Parkla", "Kelder", "Varjend"),
}


@pytest.mark.parametrize("language", register_words.LANGUAGES)
def test_the_kinds_of_every_language_are_recognised(language: str) -> None:
    wanted = ["metro_station", "underpass", "car_park", "basement", "sealed_shelter"]
    assert [register_words.kind_of(text) for text in KINDS[language]] == wanted


ANSWERS = {
    "uk": ("В наявності", "ВІдсутній\n", "невідомо"),
    "en": ("Yes", "NO", "n/a"),
    "he": ("כן", "אין", "לא ידוע"),
    "he_latn": ("Ken", "Lo", "Lo yadua"),
    "sv": ("Ja", "Saknas", "Okänt"),
    "nb": ("Finnes", "Nei", "Ukjent"),
    "da": ("Findes", "Nej", "Ukendt"),
    "pl": ("Tak", "Brak", "Nieznane"),
    "et": ("Jah", "Puudub", "Teadmata"),
}


@pytest.mark.parametrize("language", register_words.LANGUAGES)
def test_the_answers_of_every_language_are_understood(language: str) -> None:
    yes, no, nothing = ANSWERS[language]
    assert (register_words.says(yes, "yes"), register_words.says(no, "no")) == (True, True)
    assert register_words.is_nothing(nothing)
    assert (register_words.says(yes, "no"), register_words.says(no, "yes")) == (False, False)


def test_not_ready_is_not_taken_for_ready() -> None:
    assert register_words.mentions("не готове до використання", "unusable")
    assert not register_words.mentions("готове", "unusable")


def test_a_long_official_name_is_known_by_a_part_of_it() -> None:
    name = "Наявність пристосування для доступу людей з інвалідністю та інших маломобільних груп (пандусу)"
    assert register_words.find_columns((name,))[0] == {"step_free": name}


def test_a_column_serves_one_role_and_a_told_one_goes_first() -> None:
    columns, _, _ = register_words.find_columns(("Адреса", "Кількість"), {"capacity": "Кількість"})
    assert columns == {"address": "Адреса", "capacity": "Кількість"}
    columns, _, _ = register_words.find_columns(("Адреса",), {"name": "Адреса"})
    assert columns == {"name": "Адреса"}
