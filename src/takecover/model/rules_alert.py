"""What CAP asks of a message, one small function a rule; each gives its faults in words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from takecover.model.alert import (
    CATEGORIES,
    CERTAINTIES,
    MSG_TYPES,
    RESPONSE_TYPES,
    SCOPES,
    SEVERITIES,
    STATUSES,
    URGENCIES,
    Alert,
    Area,
    Info,
)

_BREAKS_A_NAME = re.compile(r"[\s,<&]")


def identifier(alert: Alert) -> Iterator[str]:
    """Identifier and sender can be spoken of in other messages' references."""
    for name, value in (("identifier", alert.identifier), ("sender", alert.sender)):
        if not value:
            yield f"{name}: is empty. Give a name that is used once"
        elif _BREAKS_A_NAME.search(value):
            yield (
                f"{name}: '{value[:80]}' holds a space, a comma, < or &, so that no message can refer to it. "
                "Leave them out"
            )


def words(alert: Alert) -> Iterator[str]:
    """Status, message type and scope are CAP's words."""
    for name, value, allowed in (
        ("status", alert.status, STATUSES),
        ("msgType", alert.msg_type, MSG_TYPES),
        ("scope", alert.scope, SCOPES),
    ):
        if value not in allowed:
            yield f"{name}: '{value[:40]}' is none of {', '.join(allowed)}"


def sent(alert: Alert) -> Iterator[str]:
    """The time of sending has a zone."""
    if _is_naive(alert.sent):
        yield "sent: has no time zone. Give one, such as +03:00"


def references(alert: Alert) -> Iterator[str]:
    """What updates, cancels or answers says what."""
    if alert.msg_type in {"Update", "Cancel", "Ack", "Error"} and not alert.references:
        yield f"references: none, but a message of type {alert.msg_type} must name the messages that it speaks of"
    for reference in alert.references:
        if not reference.identifier or not reference.sender or _is_naive(reference.sent):
            yield f"references: '{reference.identifier[:80]}' needs sender, identifier and a time with its zone"


def restricted(alert: Alert) -> Iterator[str]:
    """A restricted message says its rule, a private one its readers."""
    if alert.scope == "Restricted" and not alert.restriction:
        yield "restriction: is missing, but the scope is Restricted. Say who may read it"
    if alert.scope == "Private" and not alert.addresses:
        yield "addresses: none, but the scope is Private. Name its readers"


def note(alert: Alert) -> Iterator[str]:
    """An exercise and an error say in a note what they are about."""
    if alert.msg_type == "Error" and not alert.note:
        yield "note: is missing, but an Error must say what was wrong"


def info_words(alert: Alert) -> Iterator[str]:
    """The words of each info block are CAP's."""
    for place, info in _infos(alert):
        if not info.event:
            yield f"{place}.event: is empty. Say what happens"
        if not info.categories:
            yield f"{place}.category: none. Give one of {', '.join(CATEGORIES)}"
        for name, values, allowed in (
            ("category", info.categories, CATEGORIES),
            ("responseType", info.response_types, RESPONSE_TYPES),
            ("urgency", (info.urgency,), URGENCIES),
            ("severity", (info.severity,), SEVERITIES),
            ("certainty", (info.certainty,), CERTAINTIES),
        ):
            for value in values:
                if value not in allowed:
                    yield f"{place}.{name}: '{value[:40]}' is none of {', '.join(allowed)}"


def info_times(alert: Alert) -> Iterator[str]:
    """The times of each info block have a zone and stand in order."""
    for place, info in _infos(alert):
        for name, time in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
            if time is not None and _is_naive(time):
                yield f"{place}.{name}: has no time zone. Give one, such as +03:00"
        begins = info.effective or alert.sent
        if info.expires is None or _is_naive(info.expires) or _is_naive(begins):
            continue
        if info.expires < begins:
            yield f"{place}.expires: {info.expires.isoformat()} is before it begins, {begins.isoformat()}"


def areas(alert: Alert) -> Iterator[str]:
    """Each area has words, closed polygons, sound circles and heights."""
    for place, info in _infos(alert):
        for number, area in enumerate(info.areas, 1):
            yield from _area(f"{place}.area {number}", area)


def resources(alert: Alert) -> Iterator[str]:
    """Each resource says what it is."""
    for place, info in _infos(alert):
        for number, resource in enumerate(info.resources, 1):
            where = f"{place}.resource {number}"
            if not resource.resource_desc:
                yield f"{where}.resourceDesc: is empty. Say what it is"
            if not resource.mime_type:
                yield f"{where}.mimeType: is missing. Give a media type, such as text/html"
            if resource.size is not None and resource.size < 0:
                yield f"{where}.size: {resource.size} is negative. Give the bytes"


RULES: tuple[Callable[[Alert], Iterator[str]], ...] = (
    identifier,
    words,
    sent,
    references,
    restricted,
    note,
    info_words,
    info_times,
    areas,
    resources,
)


def flaws(alert: Alert) -> tuple[str, ...]:
    """Everything in a message that breaks a rule of CAP, in the order of the rules."""
    return tuple(fault for rule in RULES for fault in rule(alert))


def _area(place: str, area: Area) -> Iterator[str]:
    if not area.area_desc:
        yield f"{place}.areaDesc: is empty. Say where it is"
    for ring in area.polygons:
        if len(ring) < 4:
            yield f"{place}.polygon: has {len(ring)} points. Give four or more, the last equal to the first"
        elif ring[0] != ring[-1]:
            yield f"{place}.polygon: is not closed. Repeat its first point at the end"
        if not all(_is_on_earth(lon, lat) for lon, lat in ring):
            yield f"{place}.polygon: has a point off the earth. Give latitude,longitude in degrees"
    for circle in area.circles:
        if not _is_on_earth(circle.lon, circle.lat):
            yield f"{place}.circle: its middle is off the earth. Give latitude,longitude in degrees"
        if not (math.isfinite(circle.radius_km) and circle.radius_km >= 0):
            yield f"{place}.circle: radius {circle.radius_km} is none. Give kilometres, 0 or more"
    if area.ceiling_ft is not None and area.altitude_ft is None:
        yield f"{place}.ceiling: is given without altitude. Give both"


def _infos(alert: Alert) -> Iterator[tuple[str, Info]]:
    for number, info in enumerate(alert.infos, 1):
        yield f"info {number}", info


def _is_naive(time: datetime) -> bool:
    return time.utcoffset() is None


def _is_on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90
