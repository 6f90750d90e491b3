"""What is assumed is said with every plan, in both languages."""

from __future__ import annotations

from typing import Any

from takecover.report import assumed


def figures(**changes: Any) -> dict[str, Any]:
    return {
        "scenario": {"turnout": 0.07},
        "delay": {"median_s": 180.0, "spread": 0.8, "cohort_s": [62.4, 599.2]},
        "warning": {"threat": "", "time_s": [600], "weight": [1000]},
        "expected": {"scramble": 10.4, "guided": 20.6, "plan": 30.0},
        **changes,
    }


def said(found: dict[str, Any], lang: str = "en") -> str:
    return str(assumed.sentence(found, lang)).replace("\u00a0", " ")


def test_one_warning_time_is_said_with_delay_and_turnout() -> None:
    assert said(figures()) == (
        "Assumed: half of the people have left 3 min after the siren (spread 0.8; groups of equal size leave after "
        "1:02, 9:59 min); 7 % of the people come; the strike comes after 10 min."
    )
    assert "половина людей вийшла через 3 хв після сирени (розкид 0,8;" in said(figures(), "uk")


def test_leaving_at_once_is_an_assumption_too() -> None:
    at_once = figures(delay={"median_s": 0.0, "spread": 0.0, "cohort_s": [0.0]})
    assert said(at_once).startswith("Assumed: everyone leaves with the siren; 7 % of the people come;")


def test_several_warning_times_are_said_with_their_shares_and_their_threat() -> None:
    several = figures(warning={"threat": "ballistic", "time_s": [0, 240], "weight": [400, 600]})
    assert said(several).endswith(
        "the strike comes as that of “ballistic missile”: with the siren or before it (40 %), after 4 min (60 %)."
    )


def test_expected_people_are_told_only_where_the_strike_may_come_at_several_times() -> None:
    assert assumed.expected(figures()) is None
    several = figures(warning={"threat": "", "time_s": [0, 240], "weight": [400, 600]})
    found = str(assumed.expected(several))
    assert [f">{count}</b>" in found for count in (10, 21, 30)] == [True, True, True]
