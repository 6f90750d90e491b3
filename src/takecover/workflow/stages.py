"""Stages of a long job: how long each took, and how far the job has come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from takecover.progress import Progress


class Stages:
    """Times the stages of one job and tells of them.

    Parameters
    ----------
    shares
        Each stage by name with its usual share of the whole time; they tell how far the job has come.
    progress
        Told at the start of each stage, and at the end of the last.
    """

    def __init__(self, shares: dict[str, float], progress: Progress | None) -> None:
        self._shares = shares
        self._progress = progress or (lambda stage, done: None)
        self._done = 0.0
        self._begin = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, words: str) -> Iterator[None]:
        """Time one stage; a stage that is entered again adds up."""
        self._progress(words, self._done)
        begin = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin
        self._done = min(self._done + self._shares[name], 1.0)
        self._progress(words, self._done)

    def runtime_s(self) -> dict[str, float]:
        """Time of each stage so far, and of the job so far [s], to the millisecond."""
        total = time.perf_counter() - self._begin
        return {name: round(spent, 3) for name, spent in {**self.seconds, "total": total}.items()}
