"""``python -m takecover``: the same as the command ``takecover``."""

from __future__ import annotations

from takecover.cli import main

if __name__ == "__main__":
    main()
