"""Writes Atom feeds of CAP messages (RFC 4287): each entry leads to the message itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"


@dataclass(frozen=True)
class Entry:
    """One message in a feed.

    Attributes
    ----------
    name
        Its name, which no other message of the feed's author has.
    title, summary
        What it says, in short.
    updated
        When it was sent, aware.
    link
        Where the message is, as seen from the feed's own address.
    """

    name: str
    title: str
    summary: str
    updated: datetime
    link: str


def write(author: str, title: str, link: str, began: datetime, entries: Sequence[Entry]) -> bytes:
    """A feed as an XML document in UTF-8.

    Parameters
    ----------
    author
        Who speaks; the ids of feed and entries are made of it, so it stays the same.
    title
        What it is a feed of.
    link
        Its own address, from the root of its server.
    began
        What counts as the time of its last change while it holds nothing, aware.
    entries
        Newest first.
    """
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    _text(root, "id", _name(author, ""))
    _text(root, "title", title)
    _text(root, "updated", _time(max((each.updated for each in entries), default=began)))
    etree.SubElement(root, f"{{{NAMESPACE}}}link", rel="self", type="application/atom+xml", href=link)
    _text(etree.SubElement(root, f"{{{NAMESPACE}}}author"), "name", author)
    for each in entries:
        entry = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
        _text(entry, "id", _name(author, each.name))
        _text(entry, "title", each.title)
        _text(entry, "updated", _time(each.updated))
        _text(entry, "summary", each.summary)
        etree.SubElement(entry, f"{{{NAMESPACE}}}link", rel="alternate", type=CAP_TYPE, href=each.link)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _text(parent: _Element, name: str, text: str) -> None:
    from lxml import etree

    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _name(author: str, name: str) -> str:
    return uuid5(NAMESPACE_URL, f"takecover:cap:{author}:{name}").urn


def _time(time: datetime) -> str:
    return time.isoformat(timespec="seconds")
