"""Words and numbers as HTML in both languages, and the templates that use them; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from takecover.report import texts


def environment() -> Environment:
    """Templates with escaping on, and the words that they use."""
    templates = Environment(
        loader=PackageLoader("takecover.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        t=phrase,
        t_svg=phrase_svg,
        n=value,
        ts=value_svg,
        both=both,
        named=named,
        scenario=scenario,
        price=price,
        quantity=quantity,
        show=texts.show,
    )
    return templates


def both(en: Any, uk: Any, tag: str = "span") -> Markup:
    """The same in two languages, one of which is shown; once where they do not differ."""
    english, ukrainian = escape(en), escape(uk)
    if english == ukrainian:
        return english
    return Markup(f'<{tag} lang="en">{english}</{tag}><{tag} lang="uk">{ukrainian}</{tag}>')


def in_each(write: Callable[[str], Any], tag: str = "span") -> Markup:
    """What `write` makes of each language, one of which is shown."""
    english, ukrainian = (write(lang) for lang in texts.LANGUAGES)
    return both(english, ukrainian, tag)


def phrase(key: str, **values: Any) -> Markup:
    """A phrase in both languages."""
    return in_each(lambda lang: texts.say(key, lang, **values))


def phrase_svg(key: str, **values: Any) -> Markup:
    """A phrase in both languages, inside an SVG text."""
    return in_each(lambda lang: texts.say(key, lang, **values), tag="tspan")


def label(key: str, lang: str, **values: Any) -> Markup:
    """A phrase as the label of a picture: in `lang`, with both languages beside it for the script to choose from."""
    said = {each: texts.say(key, each, **values).striptags() for each in texts.LANGUAGES}
    return Markup('aria-label="{}" data-label-en="{}" data-label-uk="{}"').format(
        said[lang], said["en"], said["uk"]
    )


def value(number: float, how: str = "number") -> Markup:
    """A number in both languages; `how` as in `texts.show`."""
    return in_each(lambda lang: texts.show(number, how, lang))


def value_svg(number: float, how: str = "number") -> Markup:
    """A number in both languages, inside an SVG text."""
    return in_each(lambda lang: texts.show(number, how, lang), tag="tspan")


def named(kind: str, name: str) -> Markup:
    """Our words for a group, kind of shelter, period or subject; its own name where we have none."""
    key = f"{kind}.{name}"
    return phrase(key) if key in texts.phrases() else escape(name)


_SCENARIOS = {"default": "assumptions.scenario_default", "options": "assumptions.scenario_options"}
"""Sentences for the names that the program gives."""


def scenario(of: Mapping[str, Any]) -> Markup:
    """A scenario by its name and date; translated where the program named it."""
    return phrase(_SCENARIOS.get(of["name"], "assumptions.scenario"), name=of["name"], dated=of["dated"])


def quantity(number: float, unit: str) -> Markup:
    """A parameter with its unit."""
    decimals = len(f"{number:g}".partition(".")[2])
    key = "unit." + unit.replace("/", "_")
    suffix = texts.NO_BREAK + "{}" if key in texts.phrases() else ""
    return in_each(
        lambda lang: (
            texts.number(number, lang, decimals) + (suffix.format(texts.say(key, lang)) if suffix else "")
        )
    )


def price(shelter: Mapping[str, Any]) -> Markup:
    """What one more place in a shelter gains, in words."""
    people, seconds = shelter["price_people"], shelter["price_s"]
    if people > 0:
        who = "person" if people == 1 else "part"
        key = f"{who}_and_saves" if seconds > 0 else f"{who}_and_costs" if seconds < 0 else who
    else:
        key = "saves" if seconds > 0 else "nothing"
    return phrase(f"price.{key}", people=people, s=abs(seconds))
