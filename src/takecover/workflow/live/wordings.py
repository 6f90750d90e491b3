"""The wordings of notices to the public, read from the package's own file and checked before any is needed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources

from takecover import parameters
from takecover.analysis.announcements import public_notices
from takecover.analysis.public_state import Shown
from takecover.analysis.situation import State
from takecover.errors import InternalError
from takecover.model.alert import CATEGORIES, CERTAINTIES, RESPONSE_TYPES, SEVERITIES, URGENCIES
from takecover.model.notice import LANGUAGES, Template, Wording
from takecover.workflow.live.publishing import Group

FILE = "notices.toml"
_WORDS = {
    "category": CATEGORIES,
    "response_type": RESPONSE_TYPES,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "certainty": CERTAINTIES,
}


@cache
def templates() -> Mapping[str, Template]:
    """The wordings that notices can have, by name.

    Raises
    ------
    InternalError
        The package's own file is at fault.
    """
    text = resources.files("takecover.workflow.live").joinpath(FILE).read_text(encoding="utf-8")
    return read_templates(text)


def read_templates(text: str) -> dict[str, Template]:
    """Wordings from the text of a file.

    Raises
    ------
    InternalError
        A word is not CAP's, a language or a part of it is missing.
    """
    found = {}
    for name, row in tomllib.loads(text).items():
        if set(row) != {*_WORDS, *LANGUAGES}:
            raise InternalError(f"{FILE}: [{name}] has {sorted(row)}, not the words and languages asked for.")
        for field, allowed in _WORDS.items():
            if row[field] not in allowed:
                raise InternalError(
                    f"{FILE}: [{name}] {field} '{row[field]}' is none of {', '.join(allowed)}."
                )
        try:
            wordings = {language: Wording(**row[language]) for language in LANGUAGES}
        except TypeError as error:
            raise InternalError(f"{FILE}: [{name}]: {error}.") from error
        found[name] = Template(name, wordings=wordings, **{field: row[field] for field in _WORDS})
    return found


def notices_group(is_exercise: bool) -> Group:
    """Notices as a group of the public state."""
    kept_s = parameters.value("notice_kept_s")

    def make(state: State, now: datetime) -> tuple[Shown, ...]:
        return public_notices(state, now, templates(), kept_s, is_exercise)

    return Group("notices", "notice_id", make)
