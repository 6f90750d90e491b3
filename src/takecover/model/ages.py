"""How old people are, where a source says so: whole people of each origin in classes of age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AgeClass:
    """A span of completed years of life.

    Attributes
    ----------
    from_years
        First year of life that is in it [years].
    to_years
        Last year that is in it [years]; None where it has no end.
    """

    from_years: int
    to_years: int | None

    @property
    def name(self) -> str:
        """Name of its column: ``age_0_4``, ``age_85_up``."""
        return f"age_{self.from_years}_{'up' if self.to_years is None else self.to_years}"


@dataclass(frozen=True, eq=False)
class Ages:
    """People of each origin by class of age, in the first period of the demand.

    Attributes
    ----------
    classes
        The a classes, from the youngest; they do not overlap.
    people
        Whole people, shape (n, a) int64. The sum over the classes is at most the people of the origin: the age of
        the others is not known.
    """

    classes: tuple[AgeClass, ...]
    people: np.ndarray
