"""Sentences that a built city carries onto every output, in English and Ukrainian, side by side."""

from __future__ import annotations

from typing import NamedTuple


class Notice(NamedTuple):
    """One sentence in both languages."""

    en: str
    uk: str


def people_are_spread(people: int, *, is_pedestrian_town: bool = False) -> Notice:
    """No population source was given; residential streets may be few, as in Venice."""
    en, uk = ("residential", "житлових")
    if is_pedestrian_town:
        en, uk = ("residential and pedestrian", "житлових і пішохідних")
    return Notice(
        f"Where people live is not known: {people:,} people are spread evenly along {en} streets.",
        f"Де живуть люди, невідомо: {_spaced(people)} осіб рівномірно розподілено вздовж {uk} вулиць.",
    )


def people_are_in_houses(people: int, *, by_size: bool) -> Notice:
    """One number was given, and houses to share it out to."""
    en, uk = (
        ("floor area", "площею поверхів")
        if by_size
        else ("the people given for each", "вказаною кількістю людей")
    )
    return Notice(
        f"How many live in each house is not known: {people:,} people are shared out over the houses by {en}.",
        f"Скільки людей живе в кожному будинку, невідомо: {_spaced(people)} осіб розподілено між будинками за {uk}.",
    )


def people_are_of_areas() -> Notice:
    """People are known by area only."""
    return Notice(
        "People are known by area, not by house: those of each area are spread along its streets.",
        "Кількість людей відома за ділянками, а не за будинками: людей кожної ділянки розподілено вздовж її вулиць.",
    )


def people_of_areas_are_in_houses(*, by_size: bool) -> Notice:
    """People are known by area, and there are houses to share them out to."""
    en, uk = (
        ("floor area", "площею поверхів")
        if by_size
        else ("the people given for each", "вказаною кількістю людей")
    )
    return Notice(
        f"People are known by area: those of each area are shared out over its houses by {en}.",
        f"Кількість людей відома за ділянками: людей кожної ділянки розподілено між її будинками за {uk}.",
    )


def houses_are_few(area_m2: float) -> Notice:
    """The houses have less floor than the people could live on."""
    return Notice(
        f"The houses have {area_m2:.2g} m² of floor for each person: most are not in the file, "
        "and people are in the wrong places.",
        f"На кожну людину припадає {f'{area_m2:.2g}'.replace('.', ',')} м² площі будинків: більшості з них у файлі "
        "немає, тож люди показані не там, де живуть.",
    )


def places_are_assumed(places: int) -> Notice:
    """The person who built the city gave a number for shelters whose places nobody states."""
    return Notice(
        f"Places of some shelters are not known: {places:,} are assumed for each of them.",
        f"Місткість деяких укриттів невідома: для кожного з них прийнято {_spaced(places)} місць.",
    )


def step_free_is_a_share(share: float) -> Notice:
    """The source does not say who needs a step-free way."""
    percent = f"{share * 100:.4g}"
    return Notice(
        f"Who needs a step-free way is not known: {percent} % of the people everywhere is an assumption.",
        f"Кому потрібен шлях без сходів, невідомо: {percent.replace('.', ',')} % людей усюди є припущенням.",
    )


def coordinates_were_swapped(rows: int) -> Notice:
    """The list had latitude and longitude the wrong way round."""
    return Notice(
        f"Latitude and longitude were swapped in the shelter list; they were put right in all {rows:,} rows.",
        f"Широту й довготу в переліку укриттів було переплутано; виправлено в усіх рядках ({_spaced(rows)}).",
    )


def doors_are_not_known(unknown: int, shelters: int, *, some: bool = False) -> Notice:
    """The list has no entrances, or those of some shelters only, and says not of all whether a wheelchair gets in."""
    en = "Doors are not in the shelter list: each shelter is entered at its own point"
    uk = "Входів у переліку укриттів немає: до кожного укриття заходять у його точці"
    if some:
        en = "Doors of some shelters only are in the list: the others are entered at their own point"
        uk = "Входи в переліку є лише для деяких укриттів: до решти заходять у їхній точці"
    if unknown == 0:
        return Notice(f"{en}.", f"{uk}.")
    return Notice(
        f"{en}; whether a wheelchair gets in is not known for {unknown:,} of {shelters:,} and taken as yes. "
        "True figures are lower.",
        f"{uk}; чи заїде крісло колісне, невідомо для {_spaced(unknown)} з {_spaced(shelters)}, "
        "прийнято, що так. Справжні цифри нижчі.",
    )


def shelters_are_off_street(count: int, places: int, limit_m: float) -> Notice:
    """Shelters of the area lie too far from every street to be reached."""
    return Notice(
        f"{count:,} shelters with {places:,} places lie more than {limit_m:g} m from every street "
        "and are left out.",
        f"{_spaced(count)} укриттів на {_spaced(places)} місць розташовані далі ніж за {limit_m:g} м "
        "від будь-якої вулиці й не враховані.",
    )


def people_are_off_street(people: int, limit_m: float) -> Notice:
    """People of the area lie too far from every street to reach anything."""
    return Notice(
        f"{people:,} people are more than {limit_m:g} m from every street and counted as out of reach.",
        f"{_spaced(people)} осіб перебувають далі ніж за {limit_m:g} м від будь-якої вулиці "
        "й вважаються такими, що не встигнуть.",
    )


def _spaced(number: int) -> str:
    """The number as Ukrainian writes it, thousands parted by a no-break space."""
    return f"{number:,}".replace(",", "\u00a0")
