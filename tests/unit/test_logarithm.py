"""Logarithms where people should stand: suspected by their look, undone when told."""

from __future__ import annotations

import numpy as np
import pytest

from takecover.analysis import logarithm

LOGS = np.array([1.9, 2.0, 0.4, 3.2, 1.1, 2.7, 2.2, -0.2, 1.8, 2.6])


def test_a_column_of_logarithms_is_suspected_with_what_it_would_add_up_to() -> None:
    doubt = logarithm.suspect(LOGS)
    assert doubt is not None
    assert doubt.as_given == pytest.approx(LOGS.sum())
    assert doubt.as_log10 == pytest.approx((10**LOGS).sum())
    assert doubt.as_ln == pytest.approx(np.exp(LOGS).sum())


@pytest.mark.parametrize(
    "values",
    [
        LOGS[:9],
        np.append(LOGS, 40.0),
        np.round(LOGS),
        np.full(20, 0.013),
        np.array([1.0, 3.0, 2.0, 4.0] * 5),
        np.array([150.0, 2.5, 3.5, 1.5] * 5),
    ],
    ids=["too few", "one is large", "whole", "cells of a fine grid", "small houses", "a long tail"],
)
def test_people_are_not_suspected(values: np.ndarray) -> None:
    assert logarithm.suspect(values) is None


def test_a_logarithm_is_undone_and_what_is_beyond_numbers_is_infinite() -> None:
    np.testing.assert_allclose(logarithm.undo(np.array([0.0, 2.0]), "log10"), [1.0, 100.0])
    np.testing.assert_allclose(logarithm.undo(np.array([0.0, 1.0]), "ln"), [1.0, np.e])
    assert logarithm.undo(np.array([5.0]), "plain").tolist() == [5.0]
    assert np.isinf(logarithm.undo(np.array([1e6]), "log10")).all()
