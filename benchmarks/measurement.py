"""What is measured: one job timed several times, and the row that it makes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

OURS = "takecover"

RATIOS = (0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5)
"""Places over people that assignment is measured at."""

USUAL_RATIO = 0.8
LIMIT_S = 900
"""Time limit of every part but the one for an hour [s]."""


class DisagreementError(Exception):
    """Two ways of working out the same thing gave different answers; no timing of them means anything."""


class AbsentError(Exception):
    """Something that a measurement needs is not here; it is passed over and the reason shown."""


@dataclass(frozen=True)
class Wanted:
    """What a person asks for.

    Attributes
    ----------
    sizes
        Names of instances.
    ratios
        Places over people.
    runs
        Timed runs of each measurement, where one is not too slow.
    """

    sizes: tuple[str, ...]
    ratios: tuple[float, ...]
    runs: int


@dataclass(frozen=True)
class Measurement:
    """One row of the results.

    Attributes
    ----------
    part, instance, size
        Which benchmark, on which city, how fine.
    step
        Which job. Rows that differ in `peer` alone are to be compared.
    peer
        Who did it.
    seconds
        Time of each run [s].
    ratio
        Places over people; None where it plays no part.
    entries
        Candidate entries of the cost table; None where there is none.
    peak_rss_mb
        Largest resident memory of the process [MB, 10**6 bytes]; None where it was not of its own.
    objective
        What was found, such as ``people outside:total walk [ds]``, the same for every peer.
    note
        What a reader must know of it.
    """

    part: str
    instance: str
    size: str
    step: str
    peer: str
    seconds: tuple[float, ...]
    ratio: float | None = None
    entries: int | None = None
    peak_rss_mb: float | None = None
    objective: str = ""
    note: str = ""

    @property
    def median_s(self) -> float:
        """Median of the runs [s]."""
        return median(self.seconds)

    @property
    def p90_s(self) -> float | None:
        """Ninth decile of the runs [s]; None for fewer than 20 of them."""
        return quantiles(self.seconds, n=10)[-1] if len(self.seconds) >= 20 else None


@dataclass(frozen=True)
class Case:
    """One job of a part, small enough that a progress bar moves.

    Attributes
    ----------
    label
        What it is, for the screen.
    measure
        Does it.
    """

    label: str
    measure: Callable[[], list[Measurement]]


def timed(
    job: Callable[[], object], runs: int, *, once_over_s: float = 20.0, thrice_over_s: float = 2.0
) -> tuple[float, ...]:
    """Time a job: one warm-up, then the runs.

    Parameters
    ----------
    job
        The job; its answer is let go.
    runs
        How often.
    once_over_s
        A job whose first run takes longer [s] is not run again, and that first one counts.
    thrice_over_s
        A job whose first run takes longer [s] is timed three times at most.

    Returns
    -------
    tuple of float
        Seconds of each run.
    """
    first = seconds_of(job)
    if first > once_over_s:
        return (first,)
    count = min(runs, 3) if first > thrice_over_s else runs
    return tuple(seconds_of(job) for _ in range(count))


def timed_peer(job: Callable[[], object], runs: int) -> tuple[float, ...]:
    """As `timed`, but a peer that takes over two seconds is run once."""
    return timed(job, runs, once_over_s=2.0)


def seconds_of(job: Callable[[], object]) -> float:
    """Time of one run [s]."""
    begin = time.perf_counter()
    answer = job()
    took = time.perf_counter() - begin
    del answer
    return took


def slowness_note(seconds: tuple[float, ...], asked: int) -> str:
    """Says so where fewer runs were made than asked for."""
    if len(seconds) >= asked:
        return ""
    return "one run, no warm-up" if len(seconds) == 1 else f"{len(seconds)} runs"


def agree(what: str, ours: object, theirs: object) -> None:
    """Refuse to go on where two answers differ.

    Raises
    ------
    DisagreementError
        If they do.
    """
    if ours != theirs:
        raise DisagreementError(f"{what}: Takecover has {ours}, the other {theirs}.")
