"""A built city holds nobody's phone, mail address or name, wherever a register has them; nor do check and update."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from osmfile import node, way, write
from takecover.cli_city import city_app
from takecover.cli_registers import city_app as registers_app
from takecover.io import city_folder

STREETS = [
    *(node(k, 30 + k / 1000, 50.0) for k in range(5)),
    way(9, [0, 1, 2, 3, 4], highway="residential"),
]
PHONES = ("063-619-36-01", "+380 44 123 45 67", "(044) 290-90-70", "0961234567")
MAILS = ("ivan.petrenko@example.ua", "zhek5@example.ua")
NAMES = ("Петренко", "Шевченко О. М.", "Kowalska", "ЖЕК-5 Поділ")
SECRETS = (*PHONES, *MAILS, *NAMES)
HEAD = (
    "Номер", "Назва", "Адреса", "Вид укриття", "Місткість", "Широта", "Довгота", "Режим роботи", "Пандус",
    "Балансоутримувач", "Телефон", "Відповідальна особа", "Ключі", "Імейл", "Примітка",
)  # fmt: skip
ROWS = (
    ("1", f"Школа, тел. {PHONES[0]}", "Нова, 1", "Підвал", "50", "50.0", "30.001", "цілодобово", "так",
     NAMES[3], PHONES[1], NAMES[0], f"у {NAMES[1]} {PHONES[2]}", MAILS[0], f"питати {NAMES[2]}"),
    ("2", "Сховище", f"Нова, 2 ({MAILS[1]})", f"Підвал {PHONES[2]}", PHONES[0], "50.0", "30.002", PHONES[3],
     PHONES[0], NAMES[3], PHONES[1], NAMES[0], NAMES[1], MAILS[0], NAMES[2]),
    ("3", "Далеко", f"Нова, 3, {PHONES[1]}", "Підвал", "20", PHONES[0], MAILS[0], PHONES[2], "ні",
     NAMES[3], PHONES[1], NAMES[0], NAMES[1], MAILS[0], NAMES[2]),
    (PHONES[3], "Ліцей", "Нова, 4", "Підвал", "30", "50.0", "30.003", "цілодобово", "так",
     NAMES[3], PHONES[1], NAMES[0], NAMES[1], MAILS[0], NAMES[2]),
    ("5", "За містом", "Нова, 5", "Підвал", "30", "51.0", "30.003", "цілодобово", "так",
     NAMES[3], PHONES[1], NAMES[0], NAMES[1], MAILS[0], NAMES[2]),
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a city, built of a register full of personal data, and brought to its next month."""
    path = tmp_path_factory.mktemp("town")
    write(path / "streets.json", STREETS)
    text = "\n".join(";".join(row) for row in (HEAD, *ROWS))
    (path / "list.csv").write_text(f"{text}\n", encoding="utf-8")
    (path / "next.csv").write_text(f"{text}\n".replace("Ліцей", f"Ліцей {PHONES[2]}"), encoding="utf-8")
    run = CliRunner()
    said = ""
    for app, words in (
        (city_app, ("build", "town", "--streets", "streets.json", "--shelters", "list.csv", "--people", "50",
                    "--out", "the-town")),
        (registers_app, ("update", "the-town", "--shelters", "next.csv", "--changes", "changes.csv", "--apply")),
        (city_app, ("info", "the-town")),
        (registers_app, ("check", "the-town", "--out", "own-check")),
        (registers_app, ("check", "the-town", "--shelters", "list.csv", "--out", "list-check")),
    ):  # fmt: skip
        given = [str(path / w) if (path / w).exists() or w in PLACES else w for w in words]
        done = run.invoke(app, given)
        assert done.exit_code == 0, done.output
        said += done.output
    (path / "said.txt").write_text(said, encoding="utf-8")
    return path


PLACES = ("the-town", "own-check", "list-check", "changes.csv")


def texts(path: Path) -> Iterator[str]:
    """Everything that a file says: a table by schema, notes and cells, a workbook by its parts."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            yield from (book.read(name).decode("utf-8") for name in book.namelist())
        return
    if path.suffix != ".parquet":
        yield path.read_bytes().decode("utf-8", "replace")
        return
    table = pq.read_table(path)
    yield str(table.schema)
    yield " ".join(f"{k!r} {v.decode('utf-8')}" for k, v in (table.schema.metadata or {}).items())
    yield json.dumps([plain(row) for row in table.to_pylist()], ensure_ascii=False)


def plain(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items()}


def test_no_file_of_a_city_holds_anything_personal(town: Path) -> None:
    files = sorted(path for path in (town / "the-town").rglob("*") if path.is_file())
    assert {"city.json", "shelters.parquet", "unplaced.parquet"} <= {path.name for path in files}
    for path in files:
        for text in texts(path):
            assert [secret for secret in SECRETS if secret in text] == [], path.name


def test_the_shelters_are_there_all_the_same(town: Path) -> None:
    city = city_folder.read(town / "the-town")
    outside = [row.name for row in city_folder.read_unplaced(town / "the-town")]
    assert sorted([*city.shelters.names.tolist(), *outside]) == [
        "Далеко", "За містом", "Ліцей", "Сховище", "Школа, тел."
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["the-town-check", "list-check", "own-check"])
def test_no_report_of_a_check_holds_anything_personal(town: Path, name: str) -> None:
    files = [path for path in (town / name).iterdir() if "personal-data" not in path.name]
    assert {"report.html", "check.json"} <= {path.name for path in files}
    for path in files:
        for text in texts(path):
            assert [secret for secret in SECRETS if secret in text] == [], path.name


@pytest.mark.parametrize("name", ["said.txt", "changes.csv"])
def test_no_terminal_and_no_table_of_changes_shows_anything_personal(town: Path, name: str) -> None:
    text = (town / name).read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in text] == []


def test_the_copy_for_the_clerk_says_what_it_holds(town: Path) -> None:
    copy = next((town / "list-check").glob("*-to-mend-personal-data.csv")).read_text(encoding="utf-8-sig")
    assert "This copy holds personal data in the columns" in copy.splitlines()[0]
