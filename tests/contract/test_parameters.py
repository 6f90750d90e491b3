"""The tables of numbers: every number has a unit, a range, a source and a standing, and stands once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from takecover import norms, packaged, parameters
from takecover.errors import InputError, InternalError

SUFFIX_OF_UNIT = {
    "m/s": "_m_s",
    "s": "_s",
    "m": "_m",
    "m2": "_m2",
    "1/s": "_per_s",
    "1/m2": "_per_m2",
    "places": "_places",
}
TABLE = parameters.table()
PARAMETERS = pytest.mark.parametrize("parameter", TABLE, ids=[parameter.name for parameter in TABLE])
PROFILES = pytest.mark.parametrize("name", norms.names())


@PARAMETERS
def test_a_default_lies_within_its_range(parameter: parameters.Parameter) -> None:
    assert parameter.low <= parameter.default <= parameter.high


@PARAMETERS
def test_a_name_ends_in_its_unit(parameter: parameters.Parameter) -> None:
    if parameter.unit == "1":
        assert not parameter.name.endswith(tuple(SUFFIX_OF_UNIT.values()))
    else:
        assert parameter.name.endswith(SUFFIX_OF_UNIT[parameter.unit])


@PARAMETERS
def test_a_number_said_to_be_verified_names_the_page_where_it_was_read(
    parameter: parameters.Parameter,
) -> None:
    assert parameter.is_verified == (parameter.standing == "verified")
    if parameter.is_verified:
        assert "https://" in parameter.source


@PARAMETERS
def test_source_and_description_are_sentences_not_stubs(parameter: parameters.Parameter) -> None:
    assert len(parameter.source) >= 20
    assert len(parameter.description) >= 20
    assert parameter.description.endswith(".")


def test_no_parameter_stands_twice() -> None:
    names = [parameter.name for parameter in TABLE]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("walking_speed_m_s", 1.19),
        ("step_free_speed_m_s", 0.69),
        ("steps_speed_factor", 0.5),
        ("default_time_limit_s", 600.0),
        ("turnout_poll", 0.069),
        ("metro_system_places", 100_000.0),
        ("registered_places", 2_008_000.0),
    ],
)
def test_the_numbers_that_plans_hang_on_are_those_of_their_sources(name: str, default: float) -> None:
    assert parameters.value(name) == default


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("walking_speed_m_s", "from_memory"),
        ("step_free_speed_m_s", "from_memory"),
        ("step_free_share", "assumption"),
        ("step_free_entrance_share", "assumption"),
        ("withheld_share", "assumption"),
    ],
)
def test_what_was_never_read_at_its_source_stays_marked(name: str, standing: str) -> None:
    assert parameters.parameter(name).standing == standing
    assert not parameters.parameter(name).is_verified


def test_an_unknown_name_is_our_own_fault_and_says_which_names_there_are() -> None:
    with pytest.raises(InternalError, match=r"no parameter 'walking_sped_m_s'.*walking_speed_m_s"):
        parameters.value("walking_sped_m_s")


def test_every_parameter_that_the_code_asks_for_is_in_the_table(repository: Path) -> None:
    known = {parameter.name for parameter in TABLE}
    asked = {
        (path.name, node.args[0].value)
        for path in sorted((repository / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("parameters.value", "parameters.parameter")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {(module, name) for module, name in asked if name not in known} == set()


def test_every_parameter_is_used_by_the_code_or_told_in_the_docs(repository: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (repository / "src").rglob("*.py"))
    docs = "\n".join(path.read_text(encoding="utf-8") for path in (repository / "docs").rglob("*.md"))
    by_which = {f"compare_limit_{which}_s" for which in ("short", "middle", "long")}
    by_hour = {f"delay_{hour}_{what}" for hour in ("night", "day") for what in ("median_s", "spread")}
    assert 'f"compare_limit_{which}_s"' in code
    assert 'f"delay_{_hour(period)}_median_s"' in code
    assert 'f"delay_{_hour(period)}_spread"' in code
    assert [
        each.name
        for each in TABLE
        if f'"{each.name}"' not in code
        and f"`{each.name}`" not in docs
        and each.name not in by_which | by_hour
    ] == []


def test_the_numbers_told_in_the_howto_are_those_of_the_table(repository: Path) -> None:
    text = (repository / "docs" / "howto-plan-a-city.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\|[^|]*\| `(\w+)` \| ([\d.]+)", text, re.MULTILINE))
    assert len(told) == 8
    assert {name: parameters.value(name) for name in told} == {name: float(n) for name, n in told.items()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,standing\nx,verified\n", "columns are"),
        ("name,unit,standing\nx,m\n", "line 2 does not have exactly 3 filled fields"),
        ("name,unit,standing\nx,m,verified,more\n", "line 2 does not have exactly 3 filled fields"),
        ("name,unit,standing\nx,,verified\n", "line 2 does not have exactly 3 filled fields"),
        ("name,unit,standing\nx,m,verified\ny,m,certain\n", "line 3: standing 'certain' is none of"),
        ("", "columns are"),
    ],
)
def test_a_broken_packaged_table_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InternalError, match=message):
        packaged.parse("x.csv", text, ("name", "unit", "standing"))


def test_a_whole_packaged_table_is_read_as_it_stands() -> None:
    table = packaged.parse(
        "x.csv", 'name,unit,standing\nx,"m, or so",derived\n', ("name", "unit", "standing")
    )
    assert table == [{"name": "x", "unit": "m, or so", "standing": "derived"}]


def test_there_is_a_profile_for_each_country_whose_norms_are_known() -> None:
    assert norms.names() == ("ukraine", "israel", "finland", "switzerland", "sweden")


@PROFILES
def test_a_profile_has_a_title_a_date_and_each_norm_once(name: str) -> None:
    profile = norms.profile(name)
    assert profile.name == name
    assert len(profile.title) >= 5
    assert len(profile.dated) == len("2026-11-24")
    keys = [norm.key for norm in profile.norms]
    assert sorted(set(keys)) == sorted(keys)
    assert "title" not in keys


@PROFILES
def test_a_verified_norm_names_the_page_where_it_was_read(name: str) -> None:
    for norm in norms.profile(name).norms:
        assert norm.unit
        assert float(norm.value) >= 0
        assert not norm.is_verified or "https://" in norm.source, norm.key


def test_unread_clauses_of_the_ukrainian_norm_stay_marked() -> None:
    standing = {norm.key: norm.standing for norm in norms.profile("ukraine").norms}
    assert standing["gathering_radius"] == "from_memory"
    assert standing["area_per_person"] == "from_memory"
    assert standing["stay"] == "verified"


def test_an_unknown_profile_is_the_callers_fault_and_says_which_there_are() -> None:
    with pytest.raises(InputError, match=r"'atlantis' is unknown\. Give one of: ukraine, israel"):
        norms.profile("atlantis")
