"""What the public may see of a situation: alerts by area, and shelters as bands, each with its age and kind of source.

No count, no name of a person, no hint and no withheld shelter is in it, nor does any of them change a byte of it but as
a band.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover.analysis.situation import Rules, State
from takecover.analysis.situation_areas import NONE, ON, AlertFact, AreaView, SourceWord, area
from takecover.analysis.situation_view import BADNESS, UNKNOWN, Fact, ShelterView, freshness
from takecover.model.canonical import Plain
from takecover.model.city import City
from takecover.model.event import kind_of_source, rank
from takecover.model.event_fields import write_moment
from takecover.model.feed import WHOLE_CITY

Object = dict[str, Plain]


@dataclass(frozen=True, eq=False)
class PublicPlaces:
    """The places of a city that the public may know of.

    Attributes
    ----------
    zone_ids
        Districts.
    capacity
        Places of each shelter that is not withheld, by its id.
    entrance_ids
        Doors of each of these shelters.
    filling_share
        Share of its places from which a shelter counts as filling.
    """

    zone_ids: tuple[str, ...]
    capacity: Mapping[str, int]
    entrance_ids: Mapping[str, frozenset[str]]
    filling_share: float


@dataclass(frozen=True)
class Shown:
    """One public object, and when it has to be made anew.

    Attributes
    ----------
    plain
        As JSON has it.
    turns_at
        After this time an age in it is another; None where none will be.
    """

    plain: Object
    turns_at: datetime | None


def places_of(city: City, filling_share: float, *, with_withheld: bool = False) -> PublicPlaces:
    """The places of a city without its withheld shelters; with them for those alone who work at the office."""
    table, doors = city.shelters, city.shelters.entrances
    capacity = {
        str(shelter_id): int(places)
        for shelter_id, places, is_withheld in zip(
            table.shelter_ids, table.capacity, table.is_withheld, strict=True
        )
        if with_withheld or not is_withheld
    }
    entrance_ids: dict[str, set[str]] = {}
    for entrance_id, at in zip(doors.entrance_ids, doors.shelter_idx, strict=True):
        entrance_ids.setdefault(str(table.shelter_ids[at]), set()).add(str(entrance_id))
    shown = {name: frozenset(entrance_ids.get(name, ())) for name in capacity}
    return PublicPlaces(tuple(map(str, city.zones.zone_ids)), capacity, shown, filling_share)


def public_areas(state: State, places: PublicPlaces, at: datetime, rules: Rules, is_exercise: bool) -> Shown:
    """What is known of alerts in the whole city and in each district, and when each source was last heard.

    Returns
    -------
    Shown
        ``areas`` with one object for each, the city first, and ``sources``. What holds for the city holds for every
        district. A word is ``on``, ``none`` or ``unknown``; silence is never ``none``.
    """
    whole = area(state, WHOLE_CITY, at, rules)
    views = [whole, *(area(state, zone_id, at, rules) for zone_id in places.zone_ids)]
    words = [word for view in views for word in view.sources]
    turns = [time for word in words for time in _turns_of_word(word, rules)]
    areas: list[Plain] = [_area(view, whole, is_exercise) for view in views]
    return Shown(
        {"areas": areas, "sources": _sources(words, rules, at, is_exercise)},
        min((time for time in turns if time >= at), default=None),
    )


def _area(view: AreaView, whole: AreaView, is_exercise: bool) -> Object:
    """One area; a district takes the city's alerts in."""
    views = (view,) if view is whole else (whole, view)
    said = [each.word for each in views if each is whole or each.sources]
    word = ON if ON in said else UNKNOWN if UNKNOWN in said else NONE
    facts = [fact for each in views for source in each.sources for fact in source.alerts]
    by_source: dict[str, set[str]] = {}
    for each in views:
        for source in each.sources:
            by_source.setdefault(shown_source(source.source), set()).add(source.word)
    words: dict[str, Plain] = {
        name: ON if ON in found else UNKNOWN if UNKNOWN in found else NONE
        for name, found in by_source.items()
    }
    return {
        "area_id": view.area_id,
        "word": word,
        "is_contradicted": ON in words.values() and NONE in words.values(),
        "by_source": words,
        "alerts": [_alert(fact) for fact in facts],
        "is_exercise": is_exercise,
    }


def _alert(fact: AlertFact) -> Object:
    row = fact.row
    return {
        "threat": row.threat,
        "stage": row.stage,
        "is_on": fact.is_on,
        "source": shown_source(row.source),
        "as_of": write_moment(row.as_of),
        "valid_until": write_moment(fact.valid_until),
        "freshness": fact.freshness,
        "onset_at": None if row.onset_at is None else write_moment(row.onset_at),
        "expires_at": None if row.expires_at is None else write_moment(row.expires_at),
    }


def _sources(words: list[SourceWord], rules: Rules, at: datetime, is_exercise: bool) -> list[Plain]:
    """Each source of alerts with when it was last heard."""
    heard: dict[str, SourceWord] = {}
    for word in words:
        name = shown_source(word.source)
        if name not in heard or word.heard_at > heard[name].heard_at:
            heard[name] = word
    return [
        {
            "source": name,
            "heard_at": write_moment(word.heard_at),
            "valid_until": write_moment(_fresh_until(word, rules, 1.0)),
            "freshness": freshness(
                at, _fresh_until(word, rules, 1.0), _fresh_until(word, rules, rules.old_factor)
            ),
            "is_exercise": is_exercise,
        }
        for name, word in sorted(heard.items())
    ]


def _fresh_until(word: SourceWord, rules: Rules, times: float) -> datetime:
    return word.heard_at + timedelta(seconds=times * rules.valid_s[kind_of_source(word.source)])


def _turns_of_word(word: SourceWord, rules: Rules) -> list[datetime]:
    """Every time at which something in a source's word can become another."""
    times = [_fresh_until(word, rules, 1.0), _fresh_until(word, rules, rules.old_factor)]
    for fact in word.alerts:
        times += [fact.valid_until, fact.unknown_from]
        times += [] if fact.row.expires_at is None else [fact.row.expires_at]
    return times


def shown_source(source: str) -> str:
    """A source as the public may know it: feeds by name, people by their kind alone."""
    return source if kind_of_source(source) == "feed" else kind_of_source(source)


def public_shelter(view: ShelterView, places: PublicPlaces, at: datetime, is_exercise: bool) -> Shown | None:
    """One shelter as a band; None where nothing but hints was ever said of it, or the public must not know of it.

    Notes
    -----
    The worst of three counts while it is known: the standing word; what the newest count makes of the places; and
    *shut* where every door is. A later word of the same or a higher rank takes the place of a count or of doors.
    """
    if view.shelter_id not in places.capacity:
        return None
    said = _words(view, places)
    shown = _speaking(said)
    if shown is None:
        return None
    turns = [time for fact in said for time in (fact.valid_until, fact.unknown_from) if time >= at]
    plain: Object = {
        "shelter_id": view.shelter_id,
        "status": shown_band(shown),
        "as_of": write_moment(shown.as_of),
        "valid_until": write_moment(shown.valid_until),
        "freshness": shown.freshness,
        "source": kind_of_source(shown.source),
        "is_exercise": is_exercise,
    }
    return Shown(plain, min(turns, default=None))


def band(view: ShelterView, places: PublicPlaces) -> Fact | None:
    """The word that counts of a shelter, as `public_shelter` has it; None where nothing but hints was ever said."""
    return _speaking(_words(view, places))


def shown_band(fact: Fact) -> str:
    """A band's word, ``unknown`` once it is worth nothing."""
    return str(fact.value) if fact.is_known else UNKNOWN


def _words(view: ShelterView, places: PublicPlaces) -> list[Fact]:
    words = [view.status, _by_count(view, places), _by_doors(view, places)]
    return [fact for fact in words if fact is not None]


def _speaking(said: list[Fact]) -> Fact | None:
    """The worst word that is known; the newest where none is."""
    known = [fact for fact in said if fact.is_known]
    if known:
        return max(known, key=lambda fact: (BADNESS[str(fact.value)], fact.as_of))
    return max(said, key=lambda fact: fact.as_of, default=None)


def _by_count(view: ShelterView, places: PublicPlaces) -> Fact | None:
    """Full or filling by the newest count; None where it says neither."""
    count, capacity = view.people, places.capacity[view.shelter_id]
    if count is None or capacity <= 0 or _is_answered(count, view.status):
        return None
    share = int(count.value) / capacity
    if share < places.filling_share:
        return None
    return _said_as(count, "full" if share >= 1.0 else "filling")


def _by_doors(view: ShelterView, places: PublicPlaces) -> Fact | None:
    """Shut where every door of the shelter is."""
    doors = [view.doors.get(entrance_id) for entrance_id in places.entrance_ids[view.shelter_id]]
    shut = [door for door in doors if door is not None and door.value == "shut"]
    if not doors or len(shut) < len(doors):
        return None
    first_to_age = min(shut, key=lambda door: door.unknown_from)
    newest = max(shut, key=lambda door: (door.as_of, door.event_id))
    return None if _is_answered(newest, view.status) else _said_as(first_to_age, "shut")


def _is_answered(fact: Fact, status: Fact | None) -> bool:
    """True where a later word on the shelter, of the same or a higher rank, says otherwise."""
    return status is not None and status.as_of > fact.as_of and rank(status.source) >= rank(fact.source)


def _said_as(fact: Fact, value: str) -> Fact:
    return Fact(
        value, fact.as_of, fact.valid_until, fact.unknown_from, fact.freshness, fact.source, fact.event_id
    )
