"""Reads Atom feeds of CAP messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takecover.io import xml_tree
from takecover.model.feed import FeedEntry

if TYPE_CHECKING:
    from lxml.etree import _Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_CAP_TYPE = "application/cap+xml"


def read(data: bytes) -> tuple[FeedEntry, ...] | None:
    """The entries of a feed, oldest first; None where the document is XML and no feed.

    Atom feeds begin with the newest entry.

    Raises
    ------
    InputError
        If it is no XML that is safe to read.
    """
    root = xml_tree.parse(data, "feed")
    if root.tag != f"{_ATOM}feed":
        return None
    return tuple(_entry(entry) for entry in reversed(root.findall(f"{_ATOM}entry")))


def _entry(entry: _Element) -> FeedEntry:
    from lxml import etree

    inside = [each for each in entry.iterfind(f"{_ATOM}content/*") if etree.QName(each).localname == "alert"]
    return FeedEntry(
        key=f"{entry.findtext(f'{_ATOM}id', '')}|{entry.findtext(f'{_ATOM}updated', '')}",
        message=bytes(etree.tostring(inside[0])) if inside else b"",
        links=tuple(
            link.get("href", "")
            for link in entry.iterfind(f"{_ATOM}link")
            if link.get("type", _CAP_TYPE) == _CAP_TYPE and link.get("href")
        ),
    )
