"""Finds the columns of population and district files by the names that cities give them, in their languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from takecover.errors import InputError
from takecover.io.csv_table import find_columns, plain
from takecover.model.ages import AgeClass

# fmt: off
PEOPLE = (
    "people", "population", "residents", "inhabitants", "pop", "pop_total", "total_pop", "total_population",
    "population_total", "people_total", "tot_pop", "pop_tot", "persons", "metric_population",
    "населення", "мешканців", "мешканці", "жителів", "жителі", "кількість_населення", "кількість_мешканців",
    "кількість_жителів", "чисельність_населення", "осіб", "людей", "наявне_населення",
    "אוכלוסייה", "אוכלוסיה", "סך_אוכלוסייה", "סהכ_אוכלוסייה", "תושבים", "uchlusia", "uchlusiya", "ukhlusiya",
    "befolkning", "folkmängd", "invånare", "antal_invånare", "boende", "antal_boende",
    "innbyggere", "antall_innbyggere", "folketall", "folkemengde", "indbyggere", "antal_indbyggere", "folketal",
    "ludność", "liczba_ludności", "liczba_mieszkańców", "mieszkańcy",
    "elanikud", "elanike_arv", "rahvaarv", "população", "populacao", "pessoas", "moradores", "habitantes",
)
"""Plain names of a column of people, the best first."""

FLOORS = (
    "building_levels", "levels", "floors", "storeys", "stories", "number_of_floors", "floors_count", "num_floors",
    "поверхів", "поверховість", "кількість_поверхів", "поверхи",
    "våningar", "antal_våningar", "etasjer", "antall_etasjer", "etager", "antal_etager",
    "kondygnacje", "liczba_kondygnacji", "korrused", "korruste_arv", "קומות", "מספר_קומות", "pavimentos",
)
"""Plain names of a column of floors above ground."""

BUILDING = ("building", "building_type", "building_use", "будівля", "byggnad", "bygning", "budynek", "hoone", "מבנה")
"""Plain names of a column that only a file of buildings has."""

ROW_ID = ("origin_id", "building_id", "house_id", "cell_id", "id", "id_hex", "osm_id", "full_id")
"""Plain names of a column of ids of points and houses."""

ID = (
    "h3", "h3_index", "h3index", "h3_id", "hex_id", "hexid", "hex", *ROW_ID, "area_id", "zone_id", "district_id",
    "yishuv_stat11", "yishuv_stat_2022", "stat_area_code", "n3kod17", "n3kod", "nyko", "nyko3", "grunnkrets",
    "delområde", "koatuu", "katottg", "kod", "code", "fid", "gid", "objectid",
)
"""Plain names of a column of ids of anything."""

NAME = (
    "name", "district", "district_name", "area_name", "zone", "raion", "rayon", "район", "назва", "назва_району",
    "n3namn17", "n3namn", "namn", "område", "stadsdel", "navn", "bydel", "nazwa", "dzielnica", "nimi", "linnaosa",
    "asum", "nome", "bairro", "shem_yishuv", "shem", "שם", "שם_יישוב", "שכונה", "רובע",
)
"""Plain names of a column of names in the language of the place."""

NAME_EN = ("name_en", "name_eng", "english_name", "name_english", "shem_yishuv_english", "nameen", "int_name")
NAME_UK = ("name_uk", "name_ukr", "name_ua", "ukrainian_name", "nameuk", "назва_укр")
LON = ("lon", "longitude", "lng", "long", "x", "довгота", "longitud", "lengdegrad", "długość", "pikkus", "קו_אורך")
LAT = ("lat", "latitude", "y", "широта", "latitud", "breddegrad", "szerokość", "laius", "קו_רוחב")
# fmt: on

ROLES: Mapping[str, Sequence[str]] = {
    "people": PEOPLE,
    "floors": FLOORS,
    "building": BUILDING,
    "row_id": ROW_ID,
    "name": NAME,
    "name_en": NAME_EN,
    "name_uk": NAME_UK,
    "lon": LON,
    "lat": LAT,
}
"""For each role, plain names of columns (`csv_table.plain`), the best first."""

_AGE = r"(?:age|ages|aged|вік|вікова_група|ålder|alder|wiek|vanus|gil|גיל|idade)_?(\d{1,3})"
_UP = "up|plus|over|and_over|and_up|older|і_старше|та_старше|och_äldre|eller_eldre|i_więcej|ja_vanemad|ומעלה"
_AGES = re.compile(_AGE + r"_(\d{1,3})")
_AGE_UP = re.compile(f"{_AGE}_?(?:{_UP})")


def find(header: Sequence[str]) -> dict[str, str]:
    """The column of each role; roles without one are left out."""
    return find_columns(header, ROLES)


def find_all(header: Sequence[str], names: Sequence[str]) -> list[str]:
    """Columns that have one of some plain names, the best first."""
    rank = {name: k for k, name in enumerate(names)}
    return sorted((name for name in header if plain(name) in rank), key=lambda name: rank[plain(name)])


def named(header: Sequence[str], column: str, path: object) -> str:
    """The column that a person named, by its name or its plain name.

    Raises
    ------
    InputError
        If there is none.
    """
    for name in header:
        if column in (name, plain(name)):
            return name
    shown = ", ".join(header)[:200]
    raise InputError(f"{path}: has no column {column!a:.60}. Name one of {shown}.")


def find_ages(header: Sequence[str]) -> tuple[tuple[AgeClass, str], ...]:
    """Classes of age and their columns, from the youngest; none where they overlap, as sums beside their parts do."""
    found: dict[tuple[int, int], tuple[AgeClass, str]] = {}
    for name in header:
        text = plain(name)
        if match := _AGES.fullmatch(text):
            first, last = int(match[1]), int(match[2])
            if first <= last:
                found.setdefault((first, last), (AgeClass(first, last), name))
        elif match := _AGE_UP.fullmatch(text):
            found.setdefault((int(match[1]), 999), (AgeClass(int(match[1]), None), name))
    spans = sorted(found)
    if any(before[1] >= after[0] for before, after in pairwise(spans)):
        return ()
    return tuple(found[span] for span in spans)
