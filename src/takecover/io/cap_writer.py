"""Writes messages of the Common Alerting Protocol 1.2; one that breaks a rule is never written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from takecover.errors import Faults
from takecover.model import rules_alert
from takecover.model.alert import Alert, Area, Circle, Info, Reference, Resource

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

_NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
"""Characters that XML cannot hold; they are left out."""

DECIMALS = 15
"""Digits behind the point. So no degree or height has more than 18 digits in all, which every reader of `xs:decimal`
must take; libxml2 2.12 refuses more than 24.
"""


def write(alert: Alert) -> bytes:
    """The message as an XML document in UTF-8.

    Parameters
    ----------
    alert
        What to say; times may stand in any zone.

    Returns
    -------
    bytes
        Valid by the CAP 1.2 schema; `cap.read` gives the same alert back, with its times in UTC and its numbers
        to 15 decimals.

    Raises
    ------
    InputError
        If the alert breaks a rule of CAP: all faults at once.

    Notes
    -----
    A signature is not written: it was made of another document's bytes.
    """
    from lxml import etree

    return bytes(etree.tostring(element(alert), xml_declaration=True, encoding="UTF-8", pretty_print=True))


def element(alert: Alert) -> _Element:
    """The message as an element, such as for the inside of an Atom entry; otherwise as `write`."""
    from lxml import etree

    faults = Faults(f"alert {alert.identifier[:80]}")
    for flaw in rules_alert.flaws(alert):
        faults.add(f"{flaw}.")
    faults.raise_if_any()
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _texts(root, identifier=alert.identifier, sender=alert.sender, sent=_time(alert.sent))
    _texts(root, status=alert.status, msgType=alert.msg_type, source=alert.source, scope=alert.scope)
    _texts(root, restriction=alert.restriction, addresses=_joined(alert.addresses))
    _each(root, "code", alert.codes)
    _texts(root, note=alert.note, references=" ".join(_reference(each) for each in alert.references))
    _texts(root, incidents=_joined(alert.incidents))
    for info in alert.infos:
        _info(_child(root, "info"), info)
    return root


def _info(parent: _Element, info: Info) -> None:
    _texts(parent, language=info.language)
    _each(parent, "category", info.categories)
    _texts(parent, event=info.event)
    _each(parent, "responseType", info.response_types)
    _texts(parent, urgency=info.urgency, severity=info.severity, certainty=info.certainty)
    _texts(parent, audience=info.audience)
    _pairs(parent, "eventCode", info.event_codes)
    _texts(parent, effective=_time(info.effective), onset=_time(info.onset), expires=_time(info.expires))
    _texts(parent, senderName=info.sender_name, headline=info.headline, description=info.description)
    _texts(parent, instruction=info.instruction, web=info.web, contact=info.contact)
    _pairs(parent, "parameter", info.parameters)
    for resource in info.resources:
        _resource(_child(parent, "resource"), resource)
    for area in info.areas:
        _area(_child(parent, "area"), area)


def _resource(parent: _Element, resource: Resource) -> None:
    size = "" if resource.size is None else str(resource.size)
    _texts(parent, resourceDesc=resource.resource_desc, mimeType=resource.mime_type, size=size)
    _texts(parent, uri=resource.uri, derefUri=resource.deref_uri, digest=resource.digest)


def _area(parent: _Element, area: Area) -> None:
    _texts(parent, areaDesc=area.area_desc)
    _each(parent, "polygon", (_ring(ring) for ring in area.polygons))
    _each(parent, "circle", (_circle(each) for each in area.circles))
    _pairs(parent, "geocode", area.geocodes)
    for name, height_ft in (("altitude", area.altitude_ft), ("ceiling", area.ceiling_ft)):
        if height_ft is not None:
            _texts(parent, **{name: _decimal(height_ft)})


def _texts(parent: _Element, **texts: str) -> None:
    """One child for each text that is not empty, in the order given."""
    for name, text in texts.items():
        if text:
            _child(parent, name).text = text.translate(_NOT_IN_XML)


def _each(parent: _Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _texts(parent, **{name: text})


def _pairs(parent: _Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for key, value in pairs:
        pair = _child(parent, name)
        _child(pair, "valueName").text = key.translate(_NOT_IN_XML)
        _child(pair, "value").text = value.translate(_NOT_IN_XML)


def _child(parent: _Element, name: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _ring(ring: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{_decimal(lat)},{_decimal(lon)}" for lon, lat in ring)


def _circle(circle: Circle) -> str:
    return f"{_decimal(circle.lat)},{_decimal(circle.lon)} {_decimal(circle.radius_km)}"


def _decimal(value: float) -> str:
    """A number without an exponent, which the schema does not know, and short enough for those who check by it."""
    return format(Decimal(repr(round(value, DECIMALS))), "f")


def _reference(reference: Reference) -> str:
    return f"{reference.sender},{reference.identifier},{_time(reference.sent)}"


def _joined(words: Iterable[str]) -> str:
    """A list of words; one with a space stands in double quotes, as CAP asks."""
    return " ".join(f'"{word}"' if any(letter.isspace() for letter in word) else word for word in words)


def _time(time: datetime | None) -> str:
    """A time as CAP spells it, to the second; UTC is -00:00 there."""
    if time is None:
        return ""
    text = time.isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text
