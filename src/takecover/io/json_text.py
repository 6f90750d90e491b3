"""Reads JSON whose every text can be written again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(data: bytes, *, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """What JSON in UTF-8 says, with or without a byte-order mark.

    Parameters
    ----------
    data
        The content of a file.
    parse_constant
        Takes ``NaN`` and the infinities, which are no JSON; floats where None.

    Raises
    ------
    ValueError
        If it is no UTF-8 or no JSON, is nested too deeply, or holds half of a character (a lone surrogate), which
        no file and no page can be written with.

    References
    ----------
    RFC 8259, section 8.2
    """
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=parse_constant)
        if _HALF.search(data):
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a character (a lone surrogate)") from error
    return found
