"""One value, one sequence of bytes: the JSON that is hashed.

The form is RFC 8785 (JSON Canonicalization Scheme) for what a journal holds: text, whole numbers, true, false, null,
lists and objects with ASCII names. Fractions have no place in it, so no two programs can write one number in two ways.
"""

from __future__ import annotations

from collections.abc import Mapping

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
"""What canonical JSON can hold."""

LARGEST = 2**53 - 1
"""Whole numbers beyond this are not the same in every JSON reader."""

DEEPEST = 12
"""Objects and lists lie within each other no deeper than this."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPES = str.maketrans({chr(code): f"\\u{code:04x}" for code in range(0x20)} | _SHORT)


def encode(value: Plain) -> bytes:
    """The canonical UTF-8 bytes of a value.

    Parameters
    ----------
    value
        Text, whole numbers, booleans, None, lists, and dictionaries with ASCII text as names.

    Returns
    -------
    JSON without spaces, names in ascending order, nothing escaped that need not be.

    Raises
    ------
    ValueError
        The value holds a fraction, a number beyond `LARGEST`, half of a surrogate pair, a name that is not ASCII text,
        more than `DEEPEST` levels, or a type that JSON does not have.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme (2020), https://www.rfc-editor.org/rfc/rfc8785

    Examples
    --------
    >>> encode({"seq": 1, "payload": {"people": 7, "shelter_id": "IL-0042"}})
    b'{"payload":{"people":7,"shelter_id":"IL-0042"},"seq":1}'
    """
    return _text(value, 0).encode("utf-8")


def _text(value: object, depth: int) -> str:
    """JSON of one value."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{value!r:.40} is beyond {LARGEST}")
        return str(int(value))
    if depth >= DEEPEST:
        raise ValueError(f"lies deeper than {DEEPEST} levels")
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item, depth + 1) for item in value]) + "]"
    raise ValueError(f"{value!r:.40} is a {type(value).__name__}, which canonical JSON does not have")


def _object(value: Mapping[object, object], depth: int) -> str:
    """JSON of an object, its names in ascending order."""
    for name in value:
        if not (isinstance(name, str) and name.isascii()):
            raise ValueError(f"{name!r:.40} is no ASCII name")
    parts = [f"{_quoted(str(name))}:{_text(value[name], depth + 1)}" for name in sorted(value, key=str)]
    return "{" + ",".join(parts) + "}"


def _quoted(text: str) -> str:
    """JSON of a text."""
    if text.isascii() and text.isprintable():
        if '"' in text or "\\" in text:
            text = text.translate(_ESCAPES)
        return f'"{text}"'
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds half of a surrogate pair, which is no text")
    return f'"{text.translate(_ESCAPES)}"'
