"""Notices and alarms as CAP messages: their words in every language, the districts as polygons and as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import shapely
from shapely.geometry.base import BaseGeometry

from takecover.analysis.alert_areas import CityAreas
from takecover.analysis.announcements import EXERCISE, Announcement, wording
from takecover.model.alert import Alert, Area, Info, Reference
from takecover.model.city import City
from takecover.model.feed import WHOLE_CITY
from takecover.model.notice import LANGUAGES, Template

CODE_NAME = "takecover-area"
"""Name of the code list whose codes are our area ids."""

CODES = {"uk": "uk-UA", "en": "en-GB"}
"""Languages as CAP spells them."""

GRID_DEGREES = 1e-5
"""Corners lie on a grid of so many degrees, about a metre."""

SIMPLE_DEGREES = 3e-4
"""Outlines are drawn this coarsely, about thirty metres: a notice is for districts, not for doors."""

ENDED_IN = {"uk": "Відбій", "en": "The alarm is over in"}

TAKEN_BACK = (
    "Попередні повідомлення, названі тут, скасовано. Це не відбій тривоги. / "
    "The earlier messages named here are taken back. This is not an all-clear."
)


@dataclass(frozen=True, eq=False)
class Spoken:
    """Who speaks, and of which places.

    Attributes
    ----------
    sender
        CAP's sender: a name that nobody else has, without spaces.
    is_exercise
        True where the world is an exercise.
    sender_names
        Who speaks, in words, by language.
    areas
        By area id and language, the area as CAP has it.
    """

    sender: str
    is_exercise: bool
    sender_names: Mapping[str, str]
    areas: Mapping[tuple[str, str], Area]


def spoken_of(city: City, areas: CityAreas, sender: str, is_exercise: bool) -> Spoken:
    """Speaker and places of a city.

    A district without an outline has its code and name alone.
    """
    shapes: dict[str, BaseGeometry] = {WHOLE_CITY: areas.outline}
    shapes.update(zip(areas.zone_ids, areas.shapes, strict=True))
    names = area_names(city)
    titles = {language: names[WHOLE_CITY, language] for language in LANGUAGES}
    rings = {area_id: _rings(shape) for area_id, shape in shapes.items()}
    found = {
        (area_id, language): Area(name, polygons=rings.get(area_id, ()), geocodes=((CODE_NAME, area_id),))
        for (area_id, language), name in names.items()
    }
    return Spoken(sender, is_exercise, titles, found)


def area_names(city: City) -> dict[tuple[str, str], str]:
    """What the city and each district are called, by area id and language."""
    titles, zones = {"uk": city.title_uk or city.title, "en": city.title}, city.zones
    names = {(WHOLE_CITY, language): titles[language] for language in LANGUAGES}
    for zone_id, en, uk in zip(zones.zone_ids, zones.names, zones.names_uk, strict=True):
        names[str(zone_id), "en"] = str(en) or str(uk) or str(zone_id)
        names[str(zone_id), "uk"] = str(uk) or str(en) or str(zone_id)
    return names


def _rings(shape: BaseGeometry) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Closed outer rings of a shape on the grid; holes are filled, for CAP knows none."""
    drawn = shapely.set_precision(shapely.simplify(shape, SIMPLE_DEGREES), GRID_DEGREES)
    parts = [part for part in shapely.get_parts(drawn) if part.geom_type == "Polygon" and not part.is_empty]
    if not parts:
        parts = [shapely.box(*shapely.buffer(shape, SIMPLE_DEGREES).bounds)]
    return tuple(tuple((round(lon, 5), round(lat, 5)) for lon, lat in part.exterior.coords) for part in parts)


def cap_alert(said: Announcement, template: Template, spoken: Spoken) -> Alert:
    """One message as CAP has it.

    Parameters
    ----------
    said
        What went out.
    template
        Its wording.
    spoken
        Who speaks; knows every area that is named.

    Returns
    -------
    Alert
        Without a flaw. A notice's cancellation holds no info: it takes back, and is no all-clear. An alarm's holds the
        words of its all-clear; its update is for the places that are left, and notes where it has ended.
    """
    is_cancel = said.msg_type == "Cancel" and not said.is_alarm
    notes = [f"{EXERCISE['uk']} / {EXERCISE['en']}."] if spoken.is_exercise else []
    notes += [TAKEN_BACK] if is_cancel else []
    if said.msg_type == "Update" and said.ended_area_ids:
        notes += [_ended(said, spoken)]
    sender = spoken.sender
    # CAP's times are to the second, and a message that ends within its first second still ends after it begins.
    sent_at = said.sent_at.replace(microsecond=0)
    return Alert(
        identifier=said.message_id,
        sender=sender,
        sent=sent_at,
        status="Exercise" if spoken.is_exercise else "Actual",
        msg_type=said.msg_type,
        note=" ".join(notes),
        references=tuple(
            Reference(sender, each.message_id, each.sent_at.replace(microsecond=0)) for each in said.earlier
        ),
        incidents=(said.notice_id,),
        infos=() if is_cancel else tuple(_info(said, template, spoken, language) for language in LANGUAGES),
    )


def _ended(said: Announcement, spoken: Spoken) -> str:
    """Where an alarm has ended, in every language."""
    return " / ".join(
        f"{before}: {', '.join(spoken.areas[area_id, language].area_desc for area_id in said.ended_area_ids)}."
        for language, before in ENDED_IN.items()
    )


def _info(said: Announcement, template: Template, spoken: Spoken, language: str) -> Info:
    words = wording(template, language, spoken.is_exercise)
    # An alarm is on until somebody ends it.
    until = None if said.is_alarm else said.sent_at + timedelta(hours=1)
    expires_at = said.expires_at or until
    return Info(
        event=words.event,
        categories=(template.category,),
        urgency=template.urgency,
        severity=template.severity,
        certainty=template.certainty,
        language=CODES[language],
        response_types=(template.response_type,),
        event_codes=(("takecover-alarm" if said.is_alarm else "takecover-notice", template.template_id),),
        effective=said.sent_at.replace(microsecond=0),
        expires=None if expires_at is None else expires_at.replace(microsecond=0) + timedelta(seconds=1),
        sender_name=spoken.sender_names[language],
        headline=words.headline,
        description=words.description,
        instruction=words.instruction,
        areas=tuple(spoken.areas[area_id, language] for area_id in said.area_ids),
    )
