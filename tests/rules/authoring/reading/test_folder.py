"""A folder on disk becomes a source: what is inside it, and nothing else."""

import os
from pathlib import Path

import pytest

from courses.authoring import NoSuchFolder, NotACourse, check, parse, read_folder
from courses.authoring.admission import LARGEST_TEXT
from tests.rules.authoring.reading.made import source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The least course, on disk."""
    root = tmp_path / "kearsipan"
    for path, data in source().files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def codes(folder: Path) -> list[str]:
    return [f"{problem.place.path} {problem.code}" for problem in check(folder).problems]


def test_a_folder_is_its_files_under_its_name(folder):
    assert read_folder(folder) == source()
    assert check(folder).course == parse(source()).course


def test_a_folder_may_be_named_by_a_way_round(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert read_folder(Path()).slug == "kearsipan"


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NoSuchFolder) as refusal:
        read_folder(tmp_path / "x")
    assert refusal.value.facts == {"path": str(tmp_path / "x")}


def test_a_folder_without_a_course_is_refused(tmp_path):
    with pytest.raises(NotACourse):
        check(tmp_path)


@pytest.mark.parametrize(
    "name", [".git/HEAD", ".01-b.md", "01-b.md~", "#01-b.md#", ".01-b.md.swp", "Thumbs.db", "~$a.docx"]
)
def test_what_editors_and_systems_leave_behind_is_no_part_of_a_course(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    assert read_folder(folder) == source()


def test_a_link_is_never_followed(folder, tmp_path):
    (tmp_path / "rahasia.md").write_text("rahasia")
    (tmp_path / "luar").mkdir()
    (tmp_path / "luar" / "01-a.md").write_text("rahasia")
    (folder / "02-b.md").symlink_to(tmp_path / "rahasia.md")
    (folder / "03-c").symlink_to(tmp_path / "luar")
    (folder / "04-d.md").symlink_to(folder / "01-asal.md")
    assert codes(folder) == ["02-b.md symlink", "03-c symlink", "04-d.md symlink"]
    assert b"rahasia" not in b"".join(read_folder(folder).files.values())
    assert check(folder).course is None


def test_a_source_that_is_not_whole_never_becomes_a_course(folder):
    (folder / "02-b.md").symlink_to(folder / "01-asal.md")
    taken = read_folder(folder)
    assert taken == source()
    assert parse(taken).course is None


def test_a_file_beyond_the_limits_is_not_read(folder):
    with (folder / "02-b.md").open("wb") as file:
        file.truncate(LARGEST_TEXT + 1)
    assert codes(folder) == ["02-b.md file-too-large"]
    assert "02-b.md" not in read_folder(folder).files


def test_a_file_that_cannot_be_read_is_a_problem(folder, monkeypatch):
    def fail(self, mode="r"):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    assert "01-asal.md unreadable" in codes(folder)


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "02-b.md")
    assert read_folder(folder) == source()


@pytest.mark.parametrize("name", [b"02-\xff.md", b"02-a\nb.md", b"02-a\x1b[31m.md"])
def test_a_name_that_no_page_can_show_is_a_problem_one_can_read(folder, name):
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text("x")
    (problem,) = check(folder).problems
    assert problem.code == "bad-name"
    assert str(problem).isprintable()
