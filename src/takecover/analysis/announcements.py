"""Messages to the public, above all those that two people agreed on: what was sent, and what of it still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover.analysis.public_state import Object, Shown
from takecover.analysis.situation import State
from takecover.analysis.situation_record import approvals
from takecover.analysis.situation_view import known_by
from takecover.model.canonical import Plain
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import NoticeAsked
from takecover.model.notice import Template, Wording

EXERCISE = {"uk": "НАВЧАННЯ", "en": "EXERCISE"}
"""Stands before every line that a person may read alone."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message as it went out.

    Attributes
    ----------
    message_id
        Its own name: that of the event that asked for it.
    notice_id
        The notice that it is a step of.
    msg_type
        CAP's word: ``Alert``, ``Update`` or ``Cancel``.
    template_id
        Its wording; a cancellation has that of the message before it.
    area_ids
        Where it holds.
    sent_at
        When the second person agreed.
    expires_at
        Until when it holds.
    earlier
        Messages of the same notice that it takes the place of, oldest first.
    threat
        Of an alarm by hand, its threat; empty for a notice.
    ended_area_ids
        Of an alarm, where it has ended by this message.
    over_template_id
        Of an alarm, the wording for those places; empty where none ended.
    """

    message_id: str
    notice_id: str
    msg_type: str
    template_id: str
    area_ids: tuple[str, ...]
    sent_at: datetime
    expires_at: datetime | None
    earlier: tuple[Announcement, ...] = ()
    threat: str = ""
    ended_area_ids: tuple[str, ...] = ()
    over_template_id: str = ""

    @property
    def is_alarm(self) -> bool:
        """True for an alarm by hand and its end, which go out before every notice."""
        return bool(self.threat)

    def status(self, at: datetime) -> str:
        """``public`` while it holds, ``expired`` after, ``cancelled`` where it takes the notice back."""
        if self.msg_type == "Cancel":
            return "cancelled"
        return "expired" if self.expires_at is not None and at > self.expires_at else "public"

    @property
    def ends_at(self) -> datetime:
        """When it came to its end, or will: at its expiry, or at once for a cancellation."""
        return self.sent_at if self.msg_type == "Cancel" else self.expires_at or self.sent_at


def announcements(state: State, at: datetime) -> tuple[Announcement, ...]:
    """Every message that went out by a time, in the order of sending.

    Notes
    -----
    A request that was approved after a newer one of the same notice went out is passed over, as the standing notice is
    (`takecover.analysis.situation_record.notices`); a cancellation of what never was public says nothing.
    """
    found: list[Announcement] = []
    for topic in state.trails:
        if topic.startswith("notice:"):
            found += _of_notice(topic.partition(":")[2], state, at)
    return tuple(sorted(found, key=lambda each: (each.sent_at, each.message_id)))


def _of_notice(notice_id: str, state: State, at: datetime) -> list[Announcement]:
    sent: list[Announcement] = []
    newest = -1
    for asked, decided in approvals(known_by(state.trails[f"notice:{notice_id}"], at)):
        said = asked.payload
        if not isinstance(said, NoticeAsked) or asked.seq < newest:
            continue
        newest = asked.seq
        before = sent[-1] if sent and sent[-1].msg_type != "Cancel" else None
        if said.step == "cancel":
            if before is None:
                continue
            template_id, area_ids, msg_type = before.template_id, before.area_ids, "Cancel"
        else:
            template_id, area_ids = said.template_id, said.area_ids
            msg_type = "Alert" if before is None else "Update"
        earlier = () if before is None else (*before.earlier, before)
        sent.append(
            Announcement(
                message_id=asked.event_id,
                notice_id=notice_id,
                msg_type=msg_type,
                template_id=template_id,
                area_ids=area_ids,
                sent_at=decided.as_of,
                expires_at=said.expires_at,
                earlier=earlier,
            )
        )
    return sent


def kept(sent: tuple[Announcement, ...], at: datetime, kept_s: float) -> tuple[Announcement, ...]:
    """The messages that a reader may still ask for: every one of a notice until the last of them is long over.

    Parameters
    ----------
    sent
        Messages in the order of sending.
    at
        The time asked about.
    kept_s
        How long a notice is kept after all that it ever said is over [s].
    """
    gone_at = _gone_at(sent, kept_s)
    return tuple(each for each in sent if gone_at[each.notice_id] >= at)


def _gone_at(sent: tuple[Announcement, ...], kept_s: float) -> dict[str, datetime]:
    """When each notice is kept no longer; no end may go while a message that it ended could still be taken as good."""
    found: dict[str, datetime] = {}
    for each in sent:
        gone_at = max(each.ends_at, each.sent_at) + timedelta(seconds=kept_s)
        found[each.notice_id] = max(gone_at, found.get(each.notice_id, gone_at))
    return found


def newest(sent: tuple[Announcement, ...]) -> tuple[Announcement, ...]:
    """The last message of each notice."""
    return tuple({each.notice_id: each for each in sent}.values())


def wording(template: Template, language: str, is_exercise: bool) -> Wording:
    """What is said in one language; an exercise says so in every part."""
    said = template.wordings[language]
    if not is_exercise:
        return said
    parts = (said.event, said.headline, said.description, said.instruction)
    return Wording(*(f"{EXERCISE[language]}. {part}" for part in parts))


def public_notices(
    state: State, at: datetime, templates: Mapping[str, Template], kept_s: float, is_exercise: bool
) -> tuple[Shown, ...]:
    """Every notice as everyone sees it; one that ended stays for a while, so that nobody misses its end.

    Parameters
    ----------
    state
        The world that is shown.
    at
        The server's time.
    templates
        The wordings. A notice whose wording this program does not have is left out; its CAP message would be too.
    kept_s
        How long an ended notice is shown as ended [s].
    is_exercise
        True where the world is an exercise.
    """
    found = []
    sent = announcements(state, at)
    gone_at = _gone_at(sent, kept_s)
    for each in newest(kept(sent, at, kept_s)):
        if each.template_id not in templates:
            continue
        turns_at = each.ends_at if each.status(at) == "public" else gone_at[each.notice_id]
        found.append(Shown(public_notice(each, templates[each.template_id], at, is_exercise), turns_at))
    return tuple(found)


def public_alarm(said: Announcement, template: Template, at: datetime, is_exercise: bool) -> Object:
    """One message about an alarm by hand, as a push and a webhook tell it: as a notice, and what only an alarm has."""
    return {
        **public_notice(said, template, at, is_exercise),
        "threat": said.threat,
        "stage": template.template_id.rpartition(".")[2],
        "ended_area_ids": list(said.ended_area_ids),
    }


def public_notice(said: Announcement, template: Template, at: datetime, is_exercise: bool) -> Object:
    """One message as the state, a push and a webhook tell it."""
    words = {language: wording(template, language, is_exercise) for language in template.wordings}

    def each_language(part: str) -> dict[str, Plain]:
        return {language: getattr(spoken, part) for language, spoken in words.items()}

    return {
        "notice_id": said.notice_id,
        "message_id": said.message_id,
        "msg_type": said.msg_type,
        "status": said.status(at),
        "template_id": said.template_id,
        "area_ids": list(said.area_ids),
        "severity": template.severity,
        "headline": each_language("headline"),
        "description": each_language("description"),
        "instruction": each_language("instruction"),
        "sent_at": write_moment(said.sent_at),
        "expires_at": None if said.expires_at is None else write_moment(said.expires_at),
        "is_exercise": is_exercise,
    }
