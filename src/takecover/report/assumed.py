"""What a plan assumes of leaving, coming and the strike, as a sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from takecover.report import markup, texts

WHOLE = 1000
"""The weights of all warning times together: they are thousandths."""


def line(figures: Mapping[str, Any]) -> Markup:
    """What every output must say.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``, for planners or for the public.
    """
    return markup.in_each(lambda lang: sentence(figures, lang))


def sentence(figures: Mapping[str, Any], lang: str) -> Markup:
    """The same in one language."""
    return texts.say(
        "assumed.line",
        lang,
        leave=_leave(figures, lang),
        turnout=figures["scenario"]["turnout"],
        strike=strike(figures["warning"], lang),
    )


def _leave(figures: Mapping[str, Any], lang: str) -> Markup:
    """When people leave."""
    delay = figures["delay"]
    if delay["median_s"] == 0:
        return texts.say("assumed.at_once", lang)
    cohorts = [texts.clock(seconds, lang) for seconds in delay["cohort_s"]]
    return texts.say(
        "assumed.delay",
        lang,
        median_s=delay["median_s"],
        spread=texts.number(delay["spread"], lang, 1),
        cohorts=", ".join(cohorts),
    )


def strike(warning: Mapping[str, Any], lang: str) -> Markup:
    """When the strike comes: one time, or several with their shares, and the threat that leaves them."""
    times = [
        Markup("{} ({})").format(_when(time_s, lang), texts.share(weight / WHOLE, lang))
        for time_s, weight in zip(warning["time_s"], warning["weight"], strict=True)
    ]
    several = _when(warning["time_s"][0], lang) if len(times) == 1 else Markup(", ").join(times)
    if not warning["threat"]:
        return several
    return texts.say(
        "assumed.threat", lang, threat=texts.say(f"threat.{warning['threat']}", lang), times=several
    )


def _when(time_s: int, lang: str) -> Markup:
    """One warning time; none where the siren comes with the strike or after it."""
    return texts.say("assumed.after" if time_s > 0 else "assumed.no_time", lang, time_s=time_s)


def expected(figures: Mapping[str, Any]) -> Markup | None:
    """Expected people under cover when the strike comes, where it may come at several times."""
    if len(figures["warning"]["time_s"]) == 1:
        return None
    counts = {name: round(figures["expected"][name]) for name in ("scramble", "guided", "plan")}
    return markup.in_each(
        lambda lang: texts.say(
            "headline.expected",
            lang,
            **{
                name: Markup('<b class="n-{}">{}</b>').format(name, texts.number(count, lang))
                for name, count in counts.items()
            },
        )
    )
