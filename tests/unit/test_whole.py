"""Folders and files appear whole or not at all, whatever fails."""

import errno
import os
from pathlib import Path

import pytest

from takecover.errors import InputError, InternalError, SourceError
from takecover.io import whole


def write_plan(target: Path, text: str) -> None:
    with whole.folder(target, marker="plan.json") as fresh:
        (fresh / "plan.json").write_text(text)


def fail_half_way(target: Path, failure: BaseException) -> None:
    with whole.folder(target, marker="plan.json") as fresh:
        (fresh / "plan.json").write_text("half")
        raise failure


def fail_half_way_in_a_file(target: Path, failure: BaseException) -> None:
    with whole.file(target) as fresh:
        fresh.write_text("half")
        raise failure


def tree(top: Path) -> dict[str, str]:
    return {str(p.relative_to(top)): p.read_text() if p.is_file() else "" for p in sorted(top.rglob("*"))}


def test_a_folder_appears_with_what_was_written(tmp_path: Path) -> None:
    write_plan(tmp_path / "deep" / "plan", "one")
    assert tree(tmp_path) == {"deep": "", "deep/plan": "", "deep/plan/plan.json": "one"}


def test_the_folder_is_not_there_before_the_body_is_done(tmp_path: Path) -> None:
    with whole.folder(tmp_path / "plan", marker="plan.json") as fresh:
        (fresh / "plan.json").write_text("one")
        assert not (tmp_path / "plan").exists()
    assert (tmp_path / "plan").exists()


def test_a_folder_of_ours_is_replaced_and_no_old_file_stays(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan", "one")
    (tmp_path / "plan" / "costs.parquet").write_text("old")
    write_plan(tmp_path / "plan", "two")
    assert tree(tmp_path) == {"plan": "", "plan/plan.json": "two"}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    write_plan(tmp_path / "plan", "one")
    assert tree(tmp_path) == {"plan": "", "plan/plan.json": "one"}


def test_a_folder_without_the_marker_is_refused_before_the_body_runs(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "wedding.json").write_text("dear")
    before = tree(tmp_path)
    with pytest.raises(InputError, match=r"photos: holds 1 entries but no plan\.json"):
        write_plan(tmp_path / "photos", "one")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("foreign", ["map.qgz", "notes.txt", ".git/"])
def test_a_folder_of_ours_that_holds_somebody_elses_work_is_refused(tmp_path: Path, foreign: str) -> None:
    write_plan(tmp_path / "plan", "one")
    entry = tmp_path / "plan" / foreign
    if foreign.endswith("/"):
        entry.mkdir()
    else:
        entry.write_text("hours of work")
    before = tree(tmp_path)
    with pytest.raises(InputError, match=foreign.rstrip("/")):
        write_plan(tmp_path / "plan", "two")
    assert tree(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a file")
    with pytest.raises(InputError, match="is a file, not a folder"):
        write_plan(tmp_path / "plan", "one")
    assert tree(tmp_path) == {"plan": "a file"}


@pytest.mark.parametrize("failure", [ValueError("bad"), KeyboardInterrupt(), InputError("bad row")])
def test_a_failing_body_leaves_nothing_and_its_error_comes_through(
    tmp_path: Path, failure: BaseException
) -> None:
    with pytest.raises(type(failure)) as caught:
        fail_half_way(tmp_path / "deep" / "er" / "plan", failure)
    assert caught.value is failure
    assert tree(tmp_path) == {}


def test_a_failing_body_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan", "one")
    with pytest.raises(ValueError, match="bad"):
        fail_half_way(tmp_path / "plan", ValueError("bad"))
    assert tree(tmp_path) == {"plan": "", "plan/plan.json": "one"}


def test_a_full_disk_is_a_source_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"could not be written .*No space left"):
        fail_half_way(tmp_path / "plan", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("nth", [1, 2])
def test_a_failing_rename_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    write_plan(tmp_path / "plan", "one")
    rename, calls = os.rename, []

    def fail_at_nth(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == nth:
            raise OSError(errno.EIO, "injected")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail_at_nth)
    with pytest.raises(SourceError, match="injected"):
        write_plan(tmp_path / "plan", "two")
    assert tree(tmp_path) == {"plan": "", "plan/plan.json": "one"}


def test_a_failing_sync_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plan(tmp_path / "plan", "one")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "injected")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SourceError, match="injected"):
        write_plan(tmp_path / "plan", "two")
    assert tree(tmp_path) == {"plan": "", "plan/plan.json": "one"}


def test_a_body_that_forgets_the_marker_is_our_fault_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(InternalError, match=r"plan\.json was not written"),
        whole.folder(tmp_path / "plan", marker="plan.json"),
    ):
        pass
    assert tree(tmp_path) == {}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    write_plan(tmp_path / "real", "one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_plan(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "plan.json").read_text() == "two"


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "plan.json"
    with whole.file(target) as fresh:
        fresh.write_text("one")
        assert not target.exists()
    assert tree(tmp_path) == {"deep": "", "deep/plan.json": "one"}


def test_a_failing_body_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("one")
    with pytest.raises(ValueError, match="bad"):
        fail_half_way_in_a_file(tmp_path / "plan.json", ValueError("bad"))
    assert tree(tmp_path) == {"plan.json": "one"}


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(InputError, match="is a folder, not a file"), whole.file(tmp_path / "plan.json"):
        pass
