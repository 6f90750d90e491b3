"""Any order of writing, correcting, forgetting what is in memory and asking for the past: replay is live."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from journal import NIGHT, RULES, alert, all_clear, replaced, retract, shelter
from takecover.analysis import situation_areas, situation_record, situation_view
from takecover.analysis.situation import NOTHING, Situation, fold
from takecover.errors import InputError
from takecover.model.event import Draft
from takecover.model.event_payloads import (
    DoorReported,
    FeedHeard,
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    Payload,
    PeopleCounted,
    ShelterHinted,
    SpanMarked,
)
from takecover.store.follower import Follower
from takecover.store.opening import open_journal
from takecover.workflow.journal import verify

SHELTERS = ("S1", "S2")
SOURCES = st.sampled_from([("officer:duty", "user:1"), ("warden:A", "link:1"), ("sensor:a", "")])
STATUSES = st.sampled_from(["open", "filling", "full", "shut"])
FEED = ("feed:a", "")
PEOPLE = st.sampled_from(["user:1", "user:2"])


def _answers(situation: Situation, when: datetime) -> object:
    """What both worlds say of shelters and areas at a time."""
    heard = {"feed:a": when}
    return [
        (
            [situation_view.shelter(state, each, when, RULES) for each in SHELTERS],
            situation_areas.area(state, "kyiv", when, RULES, heard),
            situation_record.notices(state, when),
            situation_record.incidents(state, when),
            situation_record.spans(state, when),
        )
        for state in (situation.real, situation.exercise)
    ]


class JournalMachine(RuleBasedStateMachine):
    """A journal in a file, one who follows it live, and a note of what was known when."""

    @initialize()
    def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._time = NIGHT
        self._address = str(Path(self._folder.name) / "j.sqlite")
        self._journal = open_journal(self._address, now=lambda: self._time)
        self._follower = Follower(self._journal, RULES, lambda: self._time)
        self._ids: list[str] = []
        self._asked = "none"
        self._known: list[tuple[int, datetime, object]] = []

    def _append(self, payload: Payload, source: tuple[str, str], late_s: int, is_exercise: bool) -> None:
        draft = Draft(
            f"e-{len(self._ids)}", self._time - timedelta(seconds=late_s), *source, payload, is_exercise
        )
        try:
            (event,) = self._journal.append(draft)
        except InputError:
            return
        self._ids.append(event.event_id)
        assert event.seq == len(self._ids)

    @rule(seconds=st.integers(0, 3000))
    def time_passes(self, seconds: int) -> None:
        self._time += timedelta(seconds=seconds)

    @rule(
        status=STATUSES,
        shelter_id=st.sampled_from(SHELTERS),
        source=SOURCES,
        late_s=st.integers(0, 4000),
        is_exercise=st.booleans(),
    )
    def a_shelter_is_reported(
        self, status: str, shelter_id: str, source: tuple[str, str], late_s: int, is_exercise: bool
    ) -> None:
        self._append(shelter(status, shelter_id), source, late_s, is_exercise)

    @rule(people=st.integers(0, 900), source=SOURCES, late_s=st.integers(0, 4000))
    def people_are_counted(self, people: int, source: tuple[str, str], late_s: int) -> None:
        self._append(PeopleCounted("S1", people), source, late_s, False)

    @rule(status=st.sampled_from(["open", "shut"]), source=SOURCES)
    def a_door_is_reported(self, status: str, source: tuple[str, str]) -> None:
        self._append(DoorReported("S1", "S1-1", status), source, 0, False)

    @rule(alert_id=st.sampled_from(["A1", "A2"]), late_s=st.integers(0, 100))
    def an_alert_is_issued(self, alert_id: str, late_s: int) -> None:
        self._append(alert(alert_id), FEED, late_s, False)

    @rule()
    def an_all_clear_is_given(self) -> None:
        self._append(all_clear(), FEED, 0, False)

    @rule(status=st.sampled_from(["heard", "failing", "stopped"]))
    def a_feed_is_heard_or_not(self, status: str) -> None:
        self._append(FeedHeard(status, self._time), FEED, 0, False)

    @rule(late_s=st.integers(0, 4000))
    def a_resident_hints(self, late_s: int) -> None:
        self._append(ShelterHinted("S1", "shut"), ("resident:web", ""), late_s, False)

    @rule(status=st.sampled_from(["reported", "searching", "closed"]), is_exercise=st.booleans())
    def an_incident_is_reported(self, status: str, is_exercise: bool) -> None:
        said = IncidentReported("I1", "fire", status, None, None)
        self._append(said, ("officer:duty", "user:1"), 0, is_exercise)

    @rule(phase=st.sampled_from(["begin", "end"]))
    def a_drill_is_marked(self, phase: str) -> None:
        self._append(SpanMarked("D1", "drill", phase), ("officer:duty", "user:1"), 0, True)

    @rule(step=st.sampled_from(["send", "update", "cancel"]), person=PEOPLE, is_exercise=st.booleans())
    def a_notice_is_asked_for(self, step: str, person: str, is_exercise: bool) -> None:
        self._asked = f"e-{len(self._ids)}"
        said = NoticeAsked("N1", step, "stay_inside", ("kyiv",), None)
        self._append(said, ("officer:duty", person), 0, is_exercise)

    @rule(decision=st.sampled_from(["approve", "reject"]), person=PEOPLE, is_exercise=st.booleans())
    def a_notice_is_decided(self, decision: str, person: str, is_exercise: bool) -> None:
        self._append(NoticeDecided("N1", self._asked, decision), ("officer:duty", person), 0, is_exercise)

    @precondition(lambda self: self._ids)
    @rule(data=st.data(), status=STATUSES, source=SOURCES, is_taken_back=st.booleans())
    def an_event_is_corrected(
        self, data: st.DataObject, status: str, source: tuple[str, str], is_taken_back: bool
    ) -> None:
        target = data.draw(st.sampled_from(self._ids))
        said = retract(target) if is_taken_back else replaced(target, shelter(status))
        self._append(said, source, 0, False)

    @rule()
    def an_event_sent_again_is_recorded_once(self) -> None:
        if self._ids:
            there = self._journal.event(self._ids[-1])
            assert there is not None
            draft = Draft(
                there.event_id,
                there.effective_at,
                there.source,
                there.actor_id,
                there.payload,
                there.is_exercise,
            )
            assert self._journal.append(draft) == (there,)

    @rule()
    def what_is_known_is_noted(self) -> None:
        situation = self._follower.refresh().situation
        self._known.append((situation.seq, self._time, _answers(situation, self._time)))

    @rule()
    def everything_starts_again(self) -> None:
        self._journal.close()
        self._journal = open_journal(self._address, now=lambda: self._time)
        self._follower = Follower(self._journal, RULES, lambda: self._time)

    @invariant()
    def replay_is_live(self) -> None:
        live = self._follower.refresh().situation
        replayed = fold(NOTHING, self._journal.read(), RULES)
        assert live.seq == len(self._ids)
        for ahead_s in (0, 2000):
            when = self._time + timedelta(seconds=ahead_s)
            assert _answers(live, when) == _answers(replayed, when)

    def teardown(self) -> None:
        """What was known at any time is what the journal up to there says today; and the chain holds."""
        for seq, when, known in self._known:
            events = (event for event in self._journal.read() if event.seq <= seq)
            assert _answers(fold(NOTHING, events, RULES), when) == known
        assert verify(self._journal).seq == len(self._ids)
        self._journal.close()
        self._folder.cleanup()


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
