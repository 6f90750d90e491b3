"""Cities that the project makes itself, from facts and a seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from takecover.errors import InputError

if TYPE_CHECKING:
    from takecover.model.city import City

MODEL_KYIV = "model-kyiv-"
SIZES = ("small", "medium", "full")


def names() -> tuple[str, ...]:
    """Names that `make` knows, smallest city first."""
    return tuple(MODEL_KYIV + size for size in SIZES)


def make(name: str, progress: Callable[[str, float], None] | None = None) -> City:
    """Make a city; the same name gives the same city, bit for bit.

    Parameters
    ----------
    name
        One of `names`.
    progress
        Told the stage and how much is done, 0 to 1.

    Raises
    ------
    InputError
        No city has this name.
    """
    if name not in names():
        raise InputError(f"city: '{name}' is none that Takecover makes. Give one of {', '.join(names())}.")
    from takecover.cities import model_kyiv

    return model_kyiv.make(name.removeprefix(MODEL_KYIV), progress)
