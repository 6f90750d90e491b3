"""Turns a CAP message into the events that the journal keeps: alerts, and the ends of the alerts that it names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from takecover.analysis.alert_areas import CityAreas, area_ids
from takecover.model.alert import Alert, Info
from takecover.model.event import Draft, event_id_of
from takecover.model.event_fields import LONGEST_ID
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

THREAT_WORDS: Mapping[str, tuple[str, ...]] = {
    "ballistic": ("ballistic", "балістич"),
    "cruise": ("cruise", "крилат"),
    "drone": ("drone", "uav", "unmanned", "дрон", "бпла", "шахед"),
    "rocket": ("rocket", "missile", "ракет"),
    "artillery": ("artillery", "shelling", "артилер", "обстріл"),
    "chemical": ("chemical", "хімічн"),
    "radiological": ("radiolog", "nuclear", "радіац", "ядерн"),
    "air": ("air raid", "air-raid", "air alert", "повітрян"),
}
"""Words of an event, in lower case, by the threat that they name; the first threat with a word in it is meant."""

PREPARES = frozenset({"Prepare", "Monitor", "Assess"})
"""Responses that ask nobody to go under cover yet."""


def drafts(
    alert: Alert,
    raw: bytes,
    areas: CityAreas,
    spec: FeedSpec,
    now: datetime,
) -> tuple[Draft, ...]:
    """The events of one message.

    Parameters
    ----------
    alert, raw
        The message, read and as it came; its own bytes are kept beside the journal.
    areas
        The city's areas.
    spec
        The feed that it came by; `regions` are codes of its geocodes.
    now
        The server's time, aware. Events hold from then: a sender's clock can be wrong.

    Returns
    -------
    tuple of Draft
        None for an answer (Ack, Error), for a message that concerns other places, and for a cancellation that names
        nothing. The same message gives the same event ids.

    Notes
    -----
    A message of status Exercise is an exercise. One of Test, System or Draft is recorded among real events with its
    status, and the fold never shows it as an alert.
    """
    if alert.msg_type in {"Ack", "Error"}:
        return ()
    is_exercise = spec.is_exercise or alert.status == "Exercise"
    alert_id = name_of(alert.sender, alert.identifier)
    named = tuple(dict.fromkeys(name_of(each.sender, each.identifier) for each in alert.references))
    payloads = list(_payloads(alert, alert_id, named, area_ids(alert, areas, spec.regions)))
    words = {"message": raw.decode("utf-8", "replace")}
    if alert.flaws:
        words["flaws"] = "\n".join(alert.flaws)
    return tuple(
        Draft(
            event_id_of(f"{spec.feed_id}/{alert_id}/{number}"),
            now,
            spec.source,
            "",
            payload,
            is_exercise=is_exercise,
            words=words if number == 0 else {},
        )
        for number, payload in enumerate(payloads)
    )


def name_of(sender: str, identifier: str) -> str:
    """Sender and identifier as one id; a long one is shortened by its hash."""
    name = f"{sender},{identifier}"
    is_plain = len(name) <= LONGEST_ID and name.isprintable() and name == name.strip()
    return name if is_plain else f"sha256,{hashlib.sha256(name.encode()).hexdigest()}"


def _payloads(
    alert: Alert, alert_id: str, named: tuple[str, ...], where: tuple[str, ...]
) -> tuple[AlertIssued | AllClear, ...]:
    if alert.msg_type == "Cancel":
        return (AllClear(alert.status, named, "", ()),) if named else ()
    infos = _kinds(alert)
    clears = [info for info in infos if "AllClear" in info.response_types]
    found: list[AlertIssued | AllClear] = []
    if clears and named:
        found.append(AllClear(alert.status, named, "", where))
    elif clears and where:
        found += [AllClear(alert.status, (), threat_of(info), where) for info in clears]
    # What an update says takes the place of what it names; said twice, by two blocks, it must not end the first block.
    references = () if clears else named
    for info in infos:
        if info in clears or not where:
            continue
        found.append(
            AlertIssued(
                alert_id=alert_id,
                status=alert.status,
                threat=threat_of(info),
                stage="prepare" if _only_prepares(info) else "enter",
                area_ids=where,
                references=references,
                onset_at=info.onset,
                expires_at=info.expires,
            )
        )
        references = ()
    return tuple(found)


def _kinds(alert: Alert) -> list[Info]:
    """One block for each threat: a message says the same again in every language."""
    found: dict[tuple[str, bool], Info] = {}
    for info in alert.infos:
        found.setdefault((threat_of(info), "AllClear" in info.response_types), info)
    return list(found.values())


def threat_of(info: Info) -> str:
    """The kind of threat that a block names, by words of its event, codes and headline; else ``other``."""
    said = " ".join([info.event, *(value for _, value in info.event_codes), info.headline]).lower()
    for threat, words in THREAT_WORDS.items():
        if any(word in said for word in words):
            return threat
    return "other"


def _only_prepares(info: Info) -> bool:
    return bool(info.response_types) and set(info.response_types) <= PREPARES
