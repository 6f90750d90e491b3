"""The slow twin of arrive: person by person and fraction by fraction, with nothing of the program."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any


@dataclass
class Person:
    """Someone who is about."""

    batch: int
    came_ds: int = 0
    turn: int = 0
    begin: Fraction = Fraction(0)
    through_ds: int = 0


@dataclass
class Door:
    """A door, the hall behind it, how long each group takes, and who stands there; a flow of None holds nobody up."""

    shelter: int
    flow: int | None
    hall: int
    to_hall_ds: list[int]
    to_cover_ds: list[int]
    free: Fraction = Fraction(0)
    queue: list[Person] = field(default_factory=list)
    passed: list[Person] = field(default_factory=list)

    def start(self, person: Person) -> Fraction:
        return max(Fraction(person.came_ds), self.free)

    def admit(self, person: Person) -> None:
        person.begin = self.start(person)
        self.free = person.begin + (Fraction(10_000, self.flow) if self.flow else 0)
        person.through_ds = ceil(self.free)
        self.passed.append(person)


@dataclass
class Twin:
    """What happened: events as (time_ds, ...) one a person, states to be counted from them."""

    arrived: list[tuple[int, int]] = field(default_factory=list)
    full: list[tuple[int, int]] = field(default_factory=list)
    locked: list[tuple[int, int]] = field(default_factory=list)
    stranded: list[int] = field(default_factory=list)
    begun: list[tuple[int, int]] = field(default_factory=list)
    covered: list[tuple[int, int, int]] = field(default_factory=list)
    hall_came: list[tuple[int, int]] = field(default_factory=list)
    hall_left: list[tuple[int, int]] = field(default_factory=list)
    queue: dict[int, tuple[int, int]] = field(default_factory=dict)
    wait: dict[int, int] = field(default_factory=dict)
    hall_queue: dict[int, tuple[int, int]] = field(default_factory=dict)
    hall_wait: dict[int, int] = field(default_factory=dict)
    met: dict[int, tuple[int, int]] = field(default_factory=dict)


class Raid:
    """One run, decisecond by decisecond."""

    def __init__(
        self, batches: Any, doorways: Any, capacity: Any, hops_by_group: Any, horizon_ds: int
    ) -> None:
        self.horizon_ds, self.hops_by_group = horizon_ds, hops_by_group
        self.room = [int(places) for places in capacity]
        self.halls = [self.rate(flow) for flow in doorways.hall_flow_per_ks]
        self.doors = [
            Door(
                int(doorways.shelter_idx[e]),
                self.rate(doorways.flow_per_ks[e]),
                int(doorways.hall_idx[e]),
                [int(times[e]) for times in doorways.to_hall_ds],
                [int(times[e]) for times in doorways.to_cover_ds],
            )
            for e in range(len(doorways.shelter_idx))
        ]
        self.group = [int(group) for group in batches.group_idx]
        self.told, self.turns = Twin(), 0
        self.full_shelters: list[set[int]] = [set() for _ in self.group]
        self.tried_doors: list[set[int]] = [set() for _ in self.group]
        self.coming: list[tuple[int, int, int, list[Person]]] = []
        for b in range(len(self.group)):
            if batches.people[b] > 0 and batches.time_ds[b] <= horizon_ds:
                party = [Person(b) for _ in range(int(batches.people[b]))]
                heapq.heappush(self.coming, (int(batches.time_ds[b]), b, int(batches.entrance_idx[b]), party))

    @staticmethod
    def rate(flow: Any) -> int | None:
        return None if flow >= 1_000_000_000 else int(flow)

    def run(self) -> Twin:
        for now in range(self.horizon_ds + 1):
            for shelter in range(len(self.room)):
                self.let_in(shelter, now)
            while self.coming and self.coming[0][0] == now:
                _, _, door, party = heapq.heappop(self.coming)
                self.come(party, door, now)
        for e, door in enumerate(self.doors):
            for person in door.queue:
                self.note_wait(e, person, self.horizon_ds)
        self.go_down()
        return self.told

    def is_shut(self, e: int) -> bool:
        door = self.doors[e]
        return door.flow == 0 or (door.hall >= 0 and self.halls[door.hall] == 0)

    def note_wait(self, e: int, person: Person, now: int) -> None:
        self.told.wait[e] = max(self.told.wait.get(e, 0), now - person.came_ds)

    def let_in(self, shelter: int, now: int) -> None:
        """All whose turn has come by now begin to pass, those who came first before others, while there is room."""
        if self.room[shelter] <= 0:
            return
        ready = []
        for e, door in enumerate(self.doors):
            if door.shelter == shelter:
                free = door.free
                for person in door.queue:
                    begin = max(Fraction(person.came_ds), free)
                    if begin > now:
                        break
                    ready.append((person.turn, e))
                    free = begin + (Fraction(10_000, door.flow) if door.flow else 0)
        for _, e in sorted(ready)[: self.room[shelter]]:
            person = self.doors[e].queue.pop(0)
            self.doors[e].admit(person)
            self.told.begun.append((now, e))
            self.note_wait(e, person, now)
            self.room[shelter] -= 1
        if self.room[shelter] == 0:
            for e, door in enumerate(self.doors):
                if door.shelter == shelter:
                    gone, door.queue = door.queue, []
                    for person in gone:
                        self.note_wait(e, person, now)
                    for batch in sorted({person.batch for person in gone}):
                        self.turn_away([p for p in gone if p.batch == batch], e, now, self.told.full)

    def come(self, party: list[Person], e: int, now: int) -> None:
        door = self.doors[e]
        self.told.arrived += [(now, e)] * len(party)
        if self.is_shut(e):
            self.turn_away(party, e, now, self.told.locked)
        elif self.room[door.shelter] <= 0:
            self.turn_away(party, e, now, self.told.full)
        else:
            for person in party:
                person.came_ds, person.turn = now, self.turns
                self.turns += 1
                door.queue.append(person)
            self.let_in(door.shelter, now)
            if self.room[door.shelter] > 0 and len(door.queue) > self.told.queue.get(e, (0, 0))[0]:
                self.told.queue[e] = (len(door.queue), now)

    def turn_away(self, party: list[Person], e: int, now: int, reason: list[tuple[int, int]]) -> None:
        reason += [(now, e)] * len(party)
        batch = party[0].batch
        self.told.met.setdefault(batch, (now, len(party)))
        self.tried_doors[batch].add(e)
        if reason is self.told.full:
            self.full_shelters[batch].add(self.doors[e].shelter)
        hops = self.hops_by_group[self.group[batch]]
        ahead = [
            (int(hops.walk_time_ds[i]), i)
            for i in range(int(hops.indptr[e]), int(hops.indptr[e + 1]))
            if int(hops.entrance_idx[i]) not in self.tried_doors[batch]
            and self.doors[int(hops.entrance_idx[i])].shelter not in self.full_shelters[batch]
        ]
        if ahead and now + min(ahead)[0] <= self.horizon_ds:
            walk_ds, i = min(ahead)
            heapq.heappush(self.coming, (now + walk_ds, batch, int(hops.entrance_idx[i]), party))
        else:
            self.told.stranded += [now] * len(party)

    def go_down(self) -> None:
        """From the doors through the halls to cover."""
        for e, door in enumerate(self.doors):
            if door.hall < 0:
                for person in door.passed:
                    self.cover(person, e, person.through_ds)
        for h, flow in enumerate(self.halls):
            line = [
                (person.through_ds + door.to_hall_ds[self.group[person.batch]], e, place, person)
                for e, door in enumerate(self.doors)
                if door.hall == h
                for place, person in enumerate(door.passed)
            ]
            free, begins = Fraction(0), []
            for came_ds, e, _, person in sorted(line, key=lambda item: item[:3]):
                if came_ds > self.horizon_ds:
                    continue
                begin = max(Fraction(came_ds), free)
                free = begin + (Fraction(10_000, flow) if flow else 0)
                self.told.hall_came.append((came_ds, h))
                begins.append((came_ds, ceil(begin)))
                if ceil(begin) <= self.horizon_ds:
                    self.told.hall_left.append((ceil(begin), h))
                waited = min(ceil(begin), self.horizon_ds) - came_ds
                self.told.hall_wait[h] = max(self.told.hall_wait.get(h, 0), waited)
                self.cover(person, e, ceil(free))
            for now in range(self.horizon_ds + 1):
                count = sum(came_ds <= now < begin for came_ds, begin in begins)
                if count > self.told.hall_queue.get(h, (0, 0))[0]:
                    self.told.hall_queue[h] = (count, now)

    def cover(self, person: Person, e: int, through_ds: int) -> None:
        """Whoever is through the last queue goes down at the pace of their group."""
        time_ds = through_ds + self.doors[e].to_cover_ds[self.group[person.batch]]
        if time_ds <= self.horizon_ds:
            self.told.covered.append((time_ds, e, person.batch))
