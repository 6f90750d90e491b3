"""The scripts that were built from web/ into the package; a package without them says so, and its pages do without."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}

NOT_BUILT = "The scripts of the pages are not built, so there is no map and no stream in them. Run: make web"


def _folder() -> Traversable:
    return resources.files("takecover.server").joinpath("static").joinpath("built")


@cache
def entries() -> dict[str, str]:
    """File name of each page's script by its plain name, such as ``office.js``; empty where nothing is built."""
    manifest = _folder().joinpath("manifest.json")
    if not manifest.is_file():
        return {}
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    return {f"{each['name']}.js": each["file"] for each in listed.values() if each.get("isEntry")}


@cache
def files() -> dict[str, tuple[str, bytes]]:
    """Media type and content of each file by the name that its build gave it, which has a hash in it."""
    if not entries():
        return {}
    found = {}
    for file in _folder().iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in KINDS:
            found[file.name] = KINDS[suffix], file.read_bytes()
    return found


def is_built() -> bool:
    """True where the package has them."""
    return bool(entries())
