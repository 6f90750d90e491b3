"""Runs a command and says on its last line how long it took, how large it grew, and how it ended.

A process of its own and small: Linux counts the size of whoever starts a command into that command's peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

_KB = 1024


def main(command: list[str]) -> None:
    """Run it with its output thrown away."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    answer = {
        "seconds": seconds,
        "processor_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * _KB / 1e6,
        "code": process.returncode,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
