"""Reads messages of the Common Alerting Protocol, 1.2 and 1.1.

A message that breaks a rule of CAP and can still be understood is read, with its flaws named: an alert must not be
lost over a missing comma. What it says is never bettered by guessing.

References
----------
OASIS, Common Alerting Protocol Version 1.2, 1 July 2010.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from takecover.errors import Faults
from takecover.io import xml_tree
from takecover.io.files import read_bytes
from takecover.model import rules_alert
from takecover.model.alert import (
    MSG_TYPES,
    STATUSES,
    Alert,
    Area,
    Circle,
    Info,
    Reference,
    Resource,
    Signature,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
}
_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')

Value = TypeVar("Value")


def read(data: bytes) -> Alert:
    """The alert of a document.

    Parameters
    ----------
    data
        One CAP message in XML.

    Returns
    -------
    Alert
        Times are aware and in UTC; `flaws` says what breaks CAP's rules and how it was read.

    Raises
    ------
    InputError
        If it is no XML that is safe to read, no CAP message, or one of those things is missing or unreadable
        without which nothing can be done with it: identifier, sender, sent, status, msgType. All at once.
    """
    return _Reader(xml_tree.parse(data, "alert")).alert()


def read_file(path: Path) -> tuple[Alert, bytes]:
    """The alert of a file, and the file's bytes; otherwise as `read`."""
    data = read_bytes(path, xml_tree.LARGEST_BYTES)
    return read(data), data


class _Reader:
    """Reads one message and gathers its flaws."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        self._flaws: list[str] = []
        self._faults = Faults("alert")
        namespace, _, name = root.tag.rpartition("}")
        self._namespace = namespace.removeprefix("{")
        if name != "alert" or (self._namespace and self._namespace not in NAMESPACES):
            self._faults.add(
                f"the document is '{root.tag[:120]}' and no CAP message. "
                f"Send an <alert> of one of the namespaces {', '.join(NAMESPACES)}."
            )
            self._faults.raise_if_any()
        if not self._namespace:
            self._flaws.append("alert: names no namespace; read as CAP 1.2")

    def alert(self) -> Alert:
        """The whole message."""
        root = self._root
        found = Alert(
            identifier=self._needed(root, "identifier"),
            sender=self._needed(root, "sender"),
            sent=self._sent(),
            status=self._word("status", STATUSES),
            msg_type=self._word("msgType", MSG_TYPES),
            scope=self._text(root, "scope", "alert"),
            source=self._text(root, "source", "alert"),
            restriction=self._text(root, "restriction", "alert"),
            addresses=_split(self._text(root, "addresses", "alert")),
            codes=self._texts(root, "code"),
            note=self._text(root, "note", "alert"),
            references=self._references(),
            incidents=_split(self._text(root, "incidents", "alert")),
            infos=tuple(self._info(each, f"info {n}") for n, each in enumerate(self._all(root, "info"), 1)),
            version=NAMESPACES.get(self._namespace, "1.2"),
            signature=self._signature(),
        )
        self._faults.raise_if_any()
        return replace(found, flaws=(*self._flaws, *rules_alert.flaws(found)))

    def _info(self, info: _Element, place: str) -> Info:
        return Info(
            language=self._text(info, "language", place) or "en-US",
            categories=self._texts(info, "category"),
            event=self._text(info, "event", place),
            response_types=self._texts(info, "responseType"),
            urgency=self._text(info, "urgency", place),
            severity=self._text(info, "severity", place),
            certainty=self._text(info, "certainty", place),
            audience=self._text(info, "audience", place),
            event_codes=self._pairs(info, "eventCode"),
            effective=self._time(info, "effective", place),
            onset=self._time(info, "onset", place),
            expires=self._time(info, "expires", place),
            sender_name=self._text(info, "senderName", place),
            headline=self._text(info, "headline", place),
            description=self._text(info, "description", place),
            instruction=self._text(info, "instruction", place),
            web=self._text(info, "web", place),
            contact=self._text(info, "contact", place),
            parameters=self._pairs(info, "parameter"),
            resources=tuple(
                self._resource(each, f"{place}.resource {n}")
                for n, each in enumerate(self._all(info, "resource"), 1)
            ),
            areas=tuple(
                self._area(each, f"{place}.area {n}") for n, each in enumerate(self._all(info, "area"), 1)
            ),
        )

    def _resource(self, resource: _Element, place: str) -> Resource:
        size = self._number(self._text(resource, "size", place), int, f"{place}.size")
        return Resource(
            resource_desc=self._text(resource, "resourceDesc", place),
            mime_type=self._text(resource, "mimeType", place),
            size=size,
            uri=self._text(resource, "uri", place),
            deref_uri="".join(self._text(resource, "derefUri", place).split()),
            digest=self._text(resource, "digest", place),
        )

    def _area(self, area: _Element, place: str) -> Area:
        polygons = (self._ring(each, place) for each in self._texts(area, "polygon"))
        circles = (self._circle(each, place) for each in self._texts(area, "circle"))
        return Area(
            area_desc=self._text(area, "areaDesc", place),
            polygons=tuple(ring for ring in polygons if ring),
            circles=tuple(circle for circle in circles if circle),
            geocodes=self._pairs(area, "geocode"),
            altitude_ft=self._number(self._text(area, "altitude", place), _finite, f"{place}.altitude"),
            ceiling_ft=self._number(self._text(area, "ceiling", place), _finite, f"{place}.ceiling"),
        )

    def _ring(self, text: str, place: str) -> tuple[tuple[float, float], ...]:
        """Points of a polygon, longitude first; empty where one of them is no point."""
        try:
            return tuple((_finite(lon), _finite(lat)) for lat, lon in (p.split(",") for p in text.split()))
        except ValueError:
            self._flaws.append(f"{place}.polygon: '{text[:60]}' is no list of latitude,longitude; not used")
            return ()

    def _circle(self, text: str, place: str) -> Circle | None:
        try:
            middle, radius = text.split()
            lat, lon = middle.split(",")
            return Circle(_finite(lon), _finite(lat), _finite(radius))
        except ValueError:
            self._flaws.append(f"{place}.circle: '{text[:60]}' is no latitude,longitude radius; not used")
            return None

    def _references(self) -> tuple[Reference, ...]:
        found = []
        if (elements := self._all(self._root, "references")) and not (elements[0].text or "").strip():
            self._flaws.append("references: is there and empty. Leave it out where nothing is referred to")
        for word in self._text(self._root, "references", "alert").split():
            parts = word.split(",")
            time = _as_time(parts[2]) if len(parts) == 3 else None
            if time is None or time.utcoffset() is None:
                self._flaws.append(f"references: '{word[:80]}' is no sender,identifier,sent; not used")
            else:
                found.append(Reference(parts[0], parts[1], time.astimezone(UTC)))
        return tuple(found)

    def _signature(self) -> Signature | None:
        signature = self._root.find(f"{_DSIG}Signature")
        if signature is None:
            return None
        method = signature.find(f".//{_DSIG}SignatureMethod")
        algorithm = "" if method is None else method.get("Algorithm", "")
        return Signature(algorithm, "".join(signature.findtext(f"{_DSIG}SignatureValue", "").split()))

    def _sent(self) -> datetime:
        """When it was sent; in UTC where it names no zone, which is a flaw."""
        text = self._needed(self._root, "sent")
        time = _as_time(text)
        if time is None:
            if text:
                self._faults.add(
                    f"sent: '{text[:40]}' is no time. Give one such as 2023-05-30T02:06:11+03:00."
                )
            return datetime.min.replace(tzinfo=UTC)
        if time.utcoffset() is None:
            self._flaws.append(f"sent: '{text}' has no time zone; read as UTC")
            return time.replace(tzinfo=UTC)
        self._spelled(text, "sent")
        return time.astimezone(UTC)

    def _time(self, parent: _Element, name: str, place: str) -> datetime | None:
        """A time that may be missing; one without a zone is not used, since a wrong hour can end an alert."""
        text = self._text(parent, name, place)
        time = _as_time(text)
        if time is None or time.utcoffset() is None:
            if text:
                self._flaws.append(f"{place}.{name}: '{text[:40]}' is no time with a zone; not used")
            return None
        self._spelled(text, f"{place}.{name}")
        return time.astimezone(UTC)

    def _spelled(self, text: str, place: str) -> None:
        if not _TIME.fullmatch(text):
            self._flaws.append(
                f"{place}: '{text[:40]}' is not spelled as CAP asks, 2023-05-30T02:06:11+03:00"
            )

    def _word(self, name: str, allowed: tuple[str, ...]) -> str:
        """A word without which a message must not be acted on."""
        text = self._needed(self._root, name)
        if text and text not in allowed:
            self._faults.add(f"{name}: '{text[:40]}' is none of {', '.join(allowed)}. Send one of them.")
        if len({_stripped(each) for each in self._all(self._root, name)}) > 1:
            self._faults.add(f"{name}: is given more than once, and differently. Send one.")
        return text

    def _needed(self, parent: _Element, name: str) -> str:
        text = self._text(parent, name, "alert")
        if not text:
            self._faults.add(f"{name}: is missing. Send it; without it nothing can be done with the message.")
        return text

    def _number(self, text: str, kind: Callable[[str], Value], place: str) -> Value | None:
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            self._flaws.append(f"{place}: '{text[:40]}' is no number; not used")
            return None

    def _text(self, parent: _Element, name: str, place: str) -> str:
        """The text of an element that comes once; empty where it is missing."""
        found = self._all(parent, name)
        if len(found) > 1:
            self._flaws.append(f"{place}.{name}: comes {len(found)} times; the first is used")
        return _stripped(found[0]) if found else ""

    def _texts(self, parent: _Element, name: str) -> tuple[str, ...]:
        return tuple(text for each in self._all(parent, name) if (text := _stripped(each)))

    def _pairs(self, parent: _Element, name: str) -> tuple[tuple[str, str], ...]:
        found = []
        for each in self._all(parent, name):
            key, value = (self._text(each, part, name) for part in ("valueName", "value"))
            if key or value:
                found.append((key, value))
        return tuple(found)

    def _all(self, parent: _Element, name: str) -> list[_Element]:
        return list(parent.findall(f"{{{self._namespace}}}{name}" if self._namespace else name))


def _stripped(element: _Element) -> str:
    return "".join(_texts_of(element)).strip()


def _texts_of(element: _Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())


def _split(text: str) -> tuple[str, ...]:
    """Words of a list; what stands in double quotes is one word."""
    return tuple(quoted or plain for quoted, plain in _QUOTED.findall(text) if quoted or plain)


def _as_time(text: str) -> datetime | None:
    """A time as ISO 8601 spells it; None where it is none."""
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def _finite(text: str) -> float:
    """A number that is one; raises ValueError for infinity and for no number at all."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
