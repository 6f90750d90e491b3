"""Parses XML that a stranger sent: no document type, no entity, no network; bounded size, depth and number of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takecover.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_BYTES = 4_000_000
"""A larger document is none that an alert service sends."""

MOST_TAGS = 200_000
"""More tags than this, opening and closing, are an attack or a mistake."""

_HAS_DOCTYPE = "brings a document type, which can name files and grow without end. Send it without <!DOCTYPE"


def parse(data: bytes, what: str) -> _Element:
    """The root element of a document, without comments and processing instructions.

    Parameters
    ----------
    data
        The document as it came.
    what
        What it should be, as it is named in messages: ``alert``.

    Returns
    -------
    lxml.etree._Element
        The root.

    Raises
    ------
    InputError
        If it is no well-formed XML, is too large, has too many or too deep tags, or brings a document type.

    Notes
    -----
    The parser itself refuses more than 256 levels and entities that amplify themselves; whatever it refuses is told
    in its words.
    """
    from lxml import etree

    if len(data) > LARGEST_BYTES:
        raise InputError(
            f"{what}: has {len(data):,} bytes; at most {LARGEST_BYTES:,} are read. Send one message at a time."
        )
    if (tags := data.count(b"<")) > MOST_TAGS:
        raise InputError(
            f"{what}: has {tags:,} tags; at most {MOST_TAGS:,} are read. Send one message at a time."
        )
    # In 16 or 32 bits a character, the letters of a tag have zeros between them.
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise InputError(f"{what}: {_HAS_DOCTYPE}.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InputError(
            f"{what}: is no well-formed XML ({_first_line(error)}). Send it as its source gave it."
        ) from error
    if root.getroottree().docinfo.doctype:
        raise InputError(f"{what}: {_HAS_DOCTYPE}.")
    return root


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
