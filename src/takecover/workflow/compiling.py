"""Says so when kernels are being compiled: a first run is slow once, and a person should know why."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

WORDS = "First run on this machine: compiling, once, for about half a minute."

_BLAS = "scipy.linalg.cython_blas"
"""What numba looks for to multiply matrices, which no kernel does."""


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
    _load_without_blas()
    with event.install_listener("numba:compile", _Listener(say)):
        yield


def _load_without_blas() -> None:
    """Load what numba needs to run any kernel while scipy cannot be found: its import took 0.17 s of each run.

    scipy is none of our dependencies, but may be there; whoever imports it later gets it whole.
    """
    is_hidden = _BLAS not in sys.modules
    if is_hidden:
        sys.modules[_BLAS] = None  # type: ignore[assignment]
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        if is_hidden:
            del sys.modules[_BLAS]
