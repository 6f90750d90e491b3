"""What happens when others come than was planned for, and when only some follow: the tables behind the broadcast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from takecover.analysis import figures_time as fig
from takecover.analysis import timeline
from takecover.analysis.broadcast import broadcast
from takecover.analysis.guide import guide, part
from takecover.analysis.setting import Setting
from takecover.analysis.tally import tally
from takecover.errors import InternalError
from takecover.model.broadcast import Broadcast
from takecover.model.departures import Departures
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.timeline import Timeline

SHARES = (0.1, 0.3, 0.5, 0.7)
"""Shares of the people who follow the broadcast, besides none and all, for the curve of what that gains."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One turnout: everyone, the plan made for them, what is broadcast for it, and what becomes of them.

    Attributes
    ----------
    departures
        Everyone, by when they leave.
    plan
        The best plan for them.
    sent
        What would be broadcast for that plan.
    led, scrambled, guided
        Those whom the plan sends; everyone to the nearest; everyone by that broadcast.
    """

    departures: Departures
    plan: PlanOverTime
    sent: Broadcast
    led: Timeline
    scrambled: Timeline
    guided: Timeline


def trial(setting: Setting, departures: Departures, turnout: float) -> Trial:
    """Plan for a crowd, and let it come by each rule of behaviour."""
    plan = setting.plan(departures)
    sent = broadcast(plan, setting.doorways, setting.warning, turnout)
    return Trial(
        departures=departures,
        plan=plan,
        sent=sent,
        led=setting.led(plan),
        scrambled=setting.scrambled(departures),
        guided=setting.guided(departures, sent),
    )


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is broadcast: the prices made for one of the turnouts, whichever comes.

    Attributes
    ----------
    priced_for
        The turnout that they are made for.
    sent
        The broadcast.
    guided
        What becomes of everyone who follows it, by the turnout that comes.
    cells
        The same of every broadcast that there was to choose from, against the plan for whoever comes.
    """

    priced_for: float
    sent: Broadcast
    guided: dict[float, Timeline]
    cells: tuple[fig.CellFigures, ...]


def chosen(setting: Setting, trials: Mapping[float, Trial]) -> Chosen:
    """Choose the prices whose worst loss over the turnouts is least.

    A loss is a share of those whom the plan made for the turnout would have under cover when the strike comes.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    """
    cells: list[fig.CellFigures] = []
    least, best = np.inf, None
    for priced, tried in trials.items():
        guided = {
            comes: own.guided if priced == comes else setting.guided(own.departures, tried.sent)
            for comes, own in trials.items()
        }
        row = [_cell(setting, priced, comes, own, guided[comes]) for comes, own in trials.items()]
        cells += row
        worst = max(cell.lost_share for cell in row)
        if worst < least:
            least, best = worst, (priced, tried.sent, guided)
    if best is None:
        raise InternalError("trials: there is no turnout to choose a broadcast for.")
    return Chosen(*best, tuple(cells))


def turnouts(
    setting: Setting, trials: Mapping[float, Trial], sent: Chosen, known: Mapping[float, int]
) -> tuple[fig.TurnoutFigures, ...]:
    """People under cover at the limit for each turnout, by each rule of behaviour.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    sent
        What is broadcast, whoever comes.
    known
        The bound [people] at the limit of those turnouts for which it was found before.
    """
    limit_s = np.array([setting.limit_ds // 10])
    return tuple(
        fig.TurnoutFigures(
            turnout=turnout,
            people=int(found.departures.people.sum()),
            scramble=setting.inside(found.scrambled),
            plan=setting.inside(found.led),
            guided=setting.inside(sent.guided[turnout]),
            bound=known[turnout] if turnout in known else int(setting.bound(found.departures, limit_s)[0]),
        )
        for turnout, found in trials.items()
    )


def guidance(setting: Setting, trials: Mapping[float, Trial], sent: Chosen, seed: int) -> fig.GuidanceFigures:
    """What is broadcast, what it does to crowds that it was not priced for, and what a share of followers gains.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    sent
        What is broadcast.
    seed
        Which people follow where not all do.
    """
    largest = max(trials)
    return fig.GuidanceFigures(
        kind=sent.sent.kind,
        numbers=sent.sent.numbers,
        spread_s=sent.sent.spread_ds / 10,
        priced_for=sent.priced_for,
        misfit=round(sent.sent.misfit, 4),
        cells=sent.cells,
        followed=_curve(setting, trials[largest], sent.sent, setting.inside(sent.guided[largest]), seed),
    )


def _cell(setting: Setting, priced_for: float, comes: float, own: Trial, found: Timeline) -> fig.CellFigures:
    best, reached = setting.expected(own.led), setting.expected(found)
    turned_full = found.turned_full[:, timeline.at(found, setting.limit_ds)]
    by_shelter = tally(found.doorways.shelter_idx, turned_full, len(setting.capacity))
    return fig.CellFigures(
        priced_for=priced_for,
        comes=comes,
        under_cover=round(reached),
        lost=round(best - reached),
        lost_share=round((best - reached) / max(best, 1), 4),
        overfilled=int((by_shelter > 0).sum()),
    )


def _curve(
    setting: Setting, everyone: Trial, sent: Broadcast, all_led: int, seed: int
) -> tuple[fig.FollowedFigures, ...]:
    """People under cover at the limit against the share that follows, from nobody to everyone (`all_led`)."""
    people = int(everyone.departures.people.sum())
    nobody = setting.inside(everyone.scrambled)
    return (
        fig.FollowedFigures(0.0, nobody, 0, 0, people, nobody),
        *(_followed(setting, everyone.departures, sent, share, seed) for share in SHARES),
        fig.FollowedFigures(1.0, all_led, people, all_led, 0, 0),
    )


def _followed(
    setting: Setting, everyone: Departures, sent: Broadcast, share: float, seed: int
) -> fig.FollowedFigures:
    """Both parts of a crowd, counted apart."""
    followers = part(everyone, share, seed)
    crowd = guide(setting.costs, setting.doorways, everyone, sent, followers)
    found = setting.arrived(crowd.batches)
    is_in = found.time_ds <= setting.limit_ds
    inside = tally(found.batch_idx[is_in], found.people[is_in], len(crowd.batches))
    of_followers = int(inside[crowd.is_led].sum())
    total, led_people = int(inside.sum()), int(followers.people.sum())
    return fig.FollowedFigures(
        share=share,
        under_cover=total,
        followers=led_people,
        followers_under_cover=of_followers,
        rest=int(everyone.people.sum()) - led_people,
        rest_under_cover=total - of_followers,
    )
