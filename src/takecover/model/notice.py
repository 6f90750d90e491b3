"""The wording of a notice to the public, ready in every language before the night in which it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("uk", "en")
"""Every notice goes out in each of them."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in one language, in CAP's four parts.

    Attributes
    ----------
    event
        What kind of thing happens.
    headline
        One line that says all.
    description
        What is known.
    instruction
        What to do.
    """

    event: str
    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Template:
    """A notice as it can be sent; nothing in it is filled in by hand.

    Attributes
    ----------
    template_id
        Its name.
    category, response_type, urgency, severity, certainty
        CAP's words.
    wordings
        By language, one for each of `LANGUAGES`.
    """

    template_id: str
    category: str
    response_type: str
    urgency: str
    severity: str
    certainty: str
    wordings: Mapping[str, Wording]
