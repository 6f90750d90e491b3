"""The summary on the terminal: what a planner must know, within one screen of 80 by 24."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from takecover.analysis.difference import Difference
from takecover.report import texts

COLUMNS, NOTICE_LINES = 80, 3
"""Width of the screen, and lines of it that notices may take."""

REASONS_A_LINE, DOOR_NAME = 3, 18
"""Reasons in one line, and letters of a door's name that are shown."""

BAR = 20
"""Length of a bar that stands for everybody [characters]."""

CAVEAT = "Widths of doors, flows and delays are assumed: true figures may be lower."
WITHOUT_DOORS = "True figures are lower: doors hold nobody up here, and all leave at once."

REASONS = ("no_place", "door_too_narrow", "left_too_late", "too_far", "door_shut", "no_step_free_way")


def summary(
    document: Mapping[str, Any], report: Path, difference: Difference | None = None
) -> RenderableType:
    """The result of a plan.

    Parameters
    ----------
    document
        What ``plan.json`` holds, for planners or for the public.
    report
        Where the report is.
    difference
        The other plan beside this one.
    """
    city = document["city"]
    marking = document["marking"].upper()
    head = (
        (_printable(city["title"]), "bold"),
        f"  scenario {_printable(document['scenario']['name'])}  ",
        (marking, "bold red"),
    )
    parts: list[RenderableType] = [Text.assemble(*head, overflow="ellipsis", no_wrap=True)]
    parts += _notices(city["notices"])
    parts += _public(document) if document["marking"] == "public" else _internal(document, difference)
    parts += [Text(_printable(line), "dim") for line in city["attributions"]]
    spent = f"  {document['runtime_s']['total']:.1f} s" if "runtime_s" in document else ""
    parts.append(Text.assemble("Report: ", (str(report), "underline"), spent))
    return Group(*parts)


def _internal(document: Mapping[str, Any], difference: Difference | None) -> list[RenderableType]:
    """The three numbers and what bounds them, what is assumed, other times or the other plan, turnouts and doors."""
    return [
        _bars(document),
        _reasons(document),
        *_expected(document),
        _bracket(document),
        _assumed(document),
        _caveat(document),
        _times(document) if difference is None else _beside(difference),
        *_below(document),
        *_turnouts(document),
        *_doors(document),
    ]


def _printable(text: str) -> str:
    """Text from outside without what could command a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _notices(notices: Sequence[str]) -> list[RenderableType]:
    """As many notices as fit in a few lines, and how many are left."""
    shown, lines = 0, 0
    for notice in notices:
        lines += len(textwrap.wrap(f"! {notice}", COLUMNS))
        if shown and lines > NOTICE_LINES:
            break
        shown += 1
    found: list[RenderableType] = [
        Text(f"! {_printable(notice)}", "bold black on yellow") for notice in notices[:shown]
    ]
    if shown < len(notices):
        found.append(Text(f"! {len(notices) - shown} more such notices stand in the report.", "bold"))
    return found


def _number(value: int) -> str:
    return texts.number(value, "en")


def _grid(gap: int, *justify: JustifyMethod) -> Table:
    """A table without lines, a column for each way to justify."""
    table = Table.grid(padding=(0, gap))
    for way in justify:
        table.add_column(justify=way, no_wrap=True)
    return table


def _bars(document: Mapping[str, Any]) -> Table:
    """The three numbers, each with its share of everybody as a bar."""
    people = max(document["people"], 1)
    limit = texts.duration(document["time_limit_s"], "en")
    table = _grid(2, "left", "left", "right", "right", "left")
    table.add_row(Text(f"Under cover within {limit}", "bold"), "", "people", "", "")
    rows = (
        ("everyone to the nearest", document["scramble"]["under_cover"], "yellow", ""),
        ("this plan, same shelters", document["under_cover"], "bright_blue", f"{document['gain']:+,}"),
        ("still outside", document["unserved"], "magenta", ""),
    )
    for name, count, colour, more in rows:
        share = count / people
        bar = Text("█" * round(share * BAR), colour) + Text("·" * (BAR - round(share * BAR)), "dim")
        table.add_row(
            f"  {name}", bar, Text(_number(count), f"bold {colour}"), texts.percent(share, "en"), more
        )
    return table


def _reasons(document: Mapping[str, Any]) -> Text:
    """Who is left outside, without the reasons that nobody has."""
    counts = document["unserved_by_reason"]
    parts = [
        f"{str(texts.say(f'reason.{reason}', 'en')).lower()} {_number(counts[reason])}"
        for reason in REASONS
        if counts[reason]
    ]
    lines = [", ".join(parts[i : i + REASONS_A_LINE]) for i in range(0, len(parts), REASONS_A_LINE)]
    return Text("\n".join(f"    {line}" for line in lines) or "    nobody is left outside")


def _expected(document: Mapping[str, Any]) -> list[RenderableType]:
    """Expected people under cover, where the strike may come at several times."""
    if len(document["warning"]["time_s"]) == 1:
        return []
    nearest, own = (_number(round(document["expected"][name])) for name in ("scramble", "plan"))
    return [Text(f"Expected under cover when the strike comes: nearest {nearest}, this plan {own}.")]


def _bracket(document: Mapping[str, Any]) -> Text:
    """What bounds the best plan for just the time limit from both sides."""
    bracket = document["bracket"]
    limit = texts.duration(document["time_limit_s"], "en")
    words = (
        f"Best for {limit}: {_number(bracket['promised'])} promised, {_number(bracket['arrived'])} let in; "
        f"no plan exceeds {_number(bracket['bound'])}."
    )
    return Text(words, "green")


def _assumed(document: Mapping[str, Any]) -> Text:
    """What is assumed of leaving, coming and the strike, in one line; the report has the whole."""
    warning, median_s = document["warning"], document["delay"]["median_s"]
    leave = f"half left by {texts.duration(median_s, 'en')}" if median_s else "all leave at once"
    first, last = (texts.duration(max(warning["time_s"][end], 0), "en") for end in (0, -1))
    threat = f" ({_printable(warning['threat'])})" if warning["threat"] else ""
    strike = f"after {last}" if len(warning["time_s"]) == 1 else f"at {first} to {last}"
    come = texts.share(document["scenario"]["turnout"], "en")
    return Text(f"Assumed: {leave}, {come} come, strike {strike}{threat}.", overflow="ellipsis", no_wrap=True)


def _times(document: Mapping[str, Any]) -> Table:
    """Scramble, plan and the bound of any plan at the compared times."""
    table = _grid(3, "left", "right", "right", "right")
    table.add_row(Text("Under cover after", "bold"), "nearest", "this plan", "no plan exceeds")
    for row in document["comparison"]:
        own = "bold" if row["time_limit_s"] == document["time_limit_s"] else ""
        cells = (row["scramble_under_cover"], row["plan_under_cover"], row["bound"])
        table.add_row(
            Text(f"  {texts.duration(row['time_limit_s'], 'en')}", own),
            *(Text(_number(c), own) for c in cells),
        )
    return table


def _below(document: Mapping[str, Any]) -> list[RenderableType]:
    """When the plan is worse than the scramble: the worst stretch, and how many others there are."""
    spans = document["below"]
    if not spans:
        return []
    worst = max(spans, key=lambda span: span["largest"])
    others = f" (+{len(spans) - 1} more)" if len(spans) > 1 else ""
    words = (
        f"Worse than nearest from {texts.clock(worst['from_s'], 'en')} to {texts.clock(worst['to_s'], 'en')} min, "
        f"by up to {_number(worst['largest'])} people{others}."
    )
    return [Text(words, "yellow")]


def _caveat(document: Mapping[str, Any]) -> Text:
    return Text(CAVEAT if document["scenario"]["has_doors"] else WITHOUT_DOORS, "bold")


def _turnouts(document: Mapping[str, Any]) -> list[RenderableType]:
    """The plan where another share of the people comes."""
    own = document["scenario"]["turnout"]
    parts = [
        f"{texts.share(row['turnout'], 'en')}: {_number(row['plan'])} of {_number(row['people'])}"
        for row in document["turnouts"]
        if row["turnout"] != own
    ]
    if not parts:
        return []
    return [Text(f"Plan where others come: {'; '.join(parts)}.", overflow="ellipsis", no_wrap=True)]


def _doors(document: Mapping[str, Any]) -> list[RenderableType]:
    """The longest queue of each crowd."""
    parts = []
    for name, crowd in (("plan", "plan"), ("nearest", "scramble")):
        if document["doors"][crowd]:
            door = document["doors"][crowd][0]
            where = _printable(door["name"] or door["entrance_id"])
            where = where if len(where) <= DOOR_NAME else where[: DOOR_NAME - 1] + "…"
            parts.append(f"{name} {_number(door['queue'])} at {where}")
    return [Text(f"Longest queue: {'; '.join(parts)}.", overflow="ellipsis", no_wrap=True)] if parts else []


def _public(document: Mapping[str, Any]) -> list[RenderableType]:
    """Shares in bands."""
    limit = texts.duration(document["time_limit_s"], "en")
    nearest, own = (
        "{}-{} %".format(*band)
        for band in (document["scramble"]["under_cover_percent"], document["under_cover_percent"])
    )
    return [
        Text(f"Under cover within {limit}: {nearest} if everyone runs to the nearest,"),
        Text(f"{own} by this plan, with {document['shelter_count']:,} shelters open to the public."),
        _assumed(document),
        _caveat(document),
    ]


def _beside(difference: Difference) -> Table:
    """Three figures of both plans."""
    other, this = difference.first, difference.second
    table = _grid(3, "left", "right", "right", "right")
    plans = [
        f"{which}: {_printable(plan.scenario[:10])}, {texts.duration(plan.time_limit_s, 'en')}"
        for which, plan in (("other", other), ("this", this))
    ]
    title = "Compared" if difference.is_same_doors else "Compared, doors in one only"
    if not difference.is_same_city:
        title = "Compared: TWO CITIES"
    table.add_row(Text(title, "bold"), plans[0], plans[1], "change")
    for change in difference.changes:
        if (
            change.figure in ("under_cover", "unserved")
            and change.first is not None
            and change.second is not None
        ):
            name = str(texts.say(f"difference.{change.figure}", "en")).lower()
            moved = texts.signed(change.second - change.first, "en")
            table.add_row(f"  {name}", _number(change.first), _number(change.second), moved)
    return table
