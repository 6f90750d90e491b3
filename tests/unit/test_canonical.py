"""Canonical JSON: one value, one sequence of bytes, the same that another program makes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.model import canonical

NAMES = st.text(alphabet=st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-canonical.LARGEST, canonical.LARGEST) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_that_pythons_own_encoder_makes(value: canonical.Plain) -> None:
    told = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    assert canonical.encode(value) == told


@given(VALUES)
def test_what_is_read_back_is_what_was_written(value: canonical.Plain) -> None:
    assert json.loads(canonical.encode(value)) == value


@given(st.dictionaries(NAMES, SCALARS, min_size=2))
def test_the_order_in_which_names_were_given_changes_no_byte(value: dict[str, canonical.Plain]) -> None:
    assert canonical.encode(dict(reversed(value.items()))) == canonical.encode(value)


def test_control_characters_are_escaped_in_the_one_way_of_the_standard() -> None:
    # The example of RFC 8785, 3.2.2, with the numbers and the literals that our form has.
    text = '\u20ac$\u000f\nA\'B"\\\\"/'
    assert canonical.encode({"string": text, "literals": [None, True, False]}) == (
        '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, "1.5 is a float"),
        ({"a": float("nan")}, "nan is a float"),
        (2**53, "is beyond 9007199254740991"),
        ("\ud800", "half of a surrogate pair"),
        ({1: "x"}, "1 is no ASCII name"),
        ({"ключ": "x"}, "is no ASCII name"),
        (b"x", "is a bytes"),
        ([[[[[[[[[[[[[1]]]]]]]]]]]]], "deeper than 12 levels"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        canonical.encode(value)  # type: ignore[arg-type]
