"""The newest prices as public bytes: a whole set of their own, and a small object of them in the state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from takecover.analysis.live_prices import Priced
from takecover.analysis.public_state import Shown
from takecover.analysis.situation import State
from takecover.model.canonical import Plain
from takecover.model.event_fields import write_moment
from takecover.model.scenario import Scenario
from takecover.workflow.live.publishing import Group, PublicState

ADDRESS = "/api/v1/prices"
MOST_TOLD = 300
"""So many changed prices are told in the state itself; of more only the set's name."""

Prices = dict[str, dict[str, Plain]]


@dataclass(frozen=True)
class PriceSet:
    """One finished set.

    Attributes
    ----------
    prices
        By shelter: whole ``people`` under cover and ``walk_ds`` saved [ds] that one more place gains.
    as_of
        When the bands that it is made from were shown.
    tick_at
        The time that its people under way are modelled for; at or before `as_of`.
    """

    prices: Prices
    as_of: datetime
    tick_at: datetime


def price_set(shelter_ids: tuple[str, ...], found: Priced, as_of: datetime, tick_at: datetime) -> PriceSet:
    """A set from the arrays of a solution, shape (s,) each, in the order of the ids."""
    columns = zip(shelter_ids, found.price_people.tolist(), found.price_ds.tolist(), strict=True)
    prices: Prices = {each: {"people": people, "walk_ds": walk_ds} for each, people, walk_ds in columns}
    return PriceSet(prices, as_of, tick_at)


class Showing(NamedTuple):
    """A set as it is shown: its prices, its ages and name, what the state tells of it, and the whole as bytes."""

    prices: Prices
    head: dict[str, Plain]
    told: dict[str, Plain]
    public: PublicState


class PriceBoard:
    """Holds the newest set; empty until there is one.

    Parameters
    ----------
    is_exercise
        The world that is shown.

    Attributes
    ----------
    public
        The whole set as everyone may fetch it; its version counts the sets.
    """

    def __init__(self, is_exercise: bool) -> None:
        self._is_exercise = is_exercise
        self._prices: Prices = {}
        self._head: dict[str, Plain] = {
            "scenario": None,
            "period": None,
            "turnout_thousandths": None,
            "time_limit_s": None,
            "set_id": None,
            "as_of": None,
            "tick_at": None,
            "is_current": False,
            "is_exercise": is_exercise,
        }
        self._told: dict[str, Plain] | None = None
        self.public = _written(self._head, self._prices, 0)

    @property
    def is_current(self) -> bool:
        """True while there is a set that may be used."""
        return bool(self._head["is_current"])

    def made(self, found: PriceSet, scenario: Scenario) -> Showing:
        """What is shown of a set after the one that is shown now; in any thread, changes nothing."""
        before_id = self._head["set_id"]
        changed = {name: price for name, price in found.prices.items() if self._prices.get(name) != price}
        head: dict[str, Plain] = {
            **self._head,
            "scenario": scenario.name,
            "period": scenario.period,
            "turnout_thousandths": round(1000 * scenario.turnout),
            "time_limit_s": scenario.time_limit_s,
            "as_of": write_moment(found.as_of),
            "tick_at": write_moment(found.tick_at),
            "is_current": True,
        }
        named = json.dumps([{**head, "set_id": None}, found.prices], sort_keys=True).encode()
        head["set_id"] = hashlib.sha256(named).hexdigest()[:16]
        is_few = before_id is not None and len(changed) <= MOST_TOLD
        told: dict[str, Plain] = {
            "count": len(found.prices),
            "address": ADDRESS,
            "before_id": before_id if is_few else None,
            "changed": {name: dict(price) for name, price in changed.items()} if is_few else None,
        }
        return Showing(found.prices, head, told, _written(head, found.prices, self.public.version + 1))

    def show(self, made: Showing) -> None:
        """Show a set."""
        self._prices, self._head, self._told, self.public = made

    def end(self) -> None:
        """Say that the set is not to be used any more; it stays to be seen."""
        self._head["is_current"] = False
        if self._told is not None:
            self._told |= {"before_id": None, "changed": None}
        self.public = _written(self._head, self._prices, self.public.version + 1)

    def group(self) -> Group:
        """What the state shows of it: at most one object, none before the first set."""

        def make(_state: State, _now: datetime) -> Iterable[Shown]:
            if self._told is not None:
                yield Shown({**self._head, **self._told}, None)

        return Group("prices", "address", make)


def _written(head: dict[str, Plain], prices: Prices, version: int) -> PublicState:
    body = json.dumps({**head, "prices": prices}, separators=(",", ":"), sort_keys=True).encode()
    return PublicState(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', version)
