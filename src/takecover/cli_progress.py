"""A progress bar on stderr for anything that takes over a second; silent where stderr is no terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHOWN_AFTER_S = 1.0


@contextmanager
def shown_progress() -> Iterator[Callable[[str, float], None]]:
    """Give the body a function to call with the stage and its share done, 0 to 1.

    The bar appears when a second has passed, also within a stage that tells nothing, and is gone when the body is
    done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<32}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=1.0)
    clock = threading.Timer(SHOWN_AFTER_S, bar.start)
    clock.daemon = True
    if not bar.disable:
        clock.start()
    try:
        yield lambda stage, share: bar.update(task, description=stage, completed=share)
    finally:
        clock.cancel()
        if clock.ident is not None:
            clock.join()
        bar.stop()
