"""Says so when kernels are being compiled: a first run is slow once, and a person should know why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

WORDS = "First run on this machine: compiling, once, for up to a minute."


class _Listener(event.Listener):
    """Speaks at the first compilation; kernels that come from the cache are not compiled."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._has_spoken = False

    def on_start(self, event: Any) -> None:
        if not self._has_spoken:
            self._has_spoken = True
            self._say(WORDS)

    def on_end(self, event: Any) -> None:
        """Nothing to say."""


@contextmanager
def announced(say: Callable[[str], None]) -> Iterator[None]:
    """Say it once if the body has to compile anything.

    Parameters
    ----------
    say
        Takes the words.
    """
    with event.install_listener("numba:compile", _Listener(say)):
        yield
