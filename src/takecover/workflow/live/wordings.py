"""The wordings of notices and of alarms, read from the package's own files and checked before any is needed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from takecover import parameters
from takecover.analysis.announcements import Announcement, public_notices
from takecover.analysis.public_state import Shown
from takecover.analysis.situation import State
from takecover.errors import InternalError
from takecover.model.alert import CATEGORIES, CERTAINTIES, RESPONSE_TYPES, SEVERITIES, URGENCIES
from takecover.model.notice import LANGUAGES, Template, Wording
from takecover.workflow.live.publishing import Group

FILE, ALARMS_FILE = "notices.toml", "alarms.toml"
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
    return read_templates(_text(FILE))


@cache
def alarm_templates() -> Mapping[str, Template]:
    """What is said of an alarm by hand, by ``alarm.THREAT.STAGE``; a stage is also ``over`` or ``over_here``.

    Raises
    ------
    InternalError
        The package's own file is at fault.
    """
    found = tomllib.loads(_text(ALARMS_FILE))
    threats = found.pop("threat")
    stages = read_templates(found)
    return {
        f"alarm.{name}.{stage.rpartition('.')[2]}": replace(
            template,
            template_id=f"alarm.{name}.{stage.rpartition('.')[2]}",
            category=threat["category"],
            wordings={
                language: replace(said, event=said.event.format(threat=threat[language]))
                for language, said in template.wordings.items()
            },
        )
        for name, threat in threats.items()
        for stage, template in stages.items()
        if stage.partition(".")[0] in (threat["go"], "over")
    }


def template_of(said: Announcement) -> Template | None:
    """The wording of a message; None where this program does not have it."""
    return (alarm_templates() if said.is_alarm else templates()).get(said.template_id)


def _text(file: str) -> str:
    return resources.files("takecover.workflow.live").joinpath(file).read_text(encoding="utf-8")


def read_templates(rows: Mapping[str, Any] | str) -> dict[str, Template]:
    """Wordings from the text of a file, or from what was read of one.

    Raises
    ------
    InternalError
        A word is not CAP's, a language or a part of it is missing.
    """
    found = {}
    for name, row in (tomllib.loads(rows) if isinstance(rows, str) else rows).items():
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
