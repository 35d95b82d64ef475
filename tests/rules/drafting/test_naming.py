"""Names: addresses from titles, paths for new files, and what a draft does not take."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.fields import is_id
from courses.drafting.naming import BadPath, PathTaken, free_path, numbered, slug_of, unused
from tests.corpora import corpus

PATHS = (
    "course.md",
    "01-awal/module.md",
    "01-awal/01-arsip.md",
    "01-awal/03-cek.quiz.md",
    "90-ujian.quiz.md",
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Arsip harian", "arsip-harian"),
        ("Café & Résumé: 2026!", "cafe-resume-2026"),
        ("  --- ", ""),
        ("漢字", ""),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_title_becomes_an_address(title, slug):
    assert slug_of(title) == slug


@given(st.text())
def test_every_address_is_an_id_or_nothing(title):
    assert slug_of(title) == "" or is_id(slug_of(title))


@pytest.mark.parametrize(
    ("folder", "ending", "path"),
    [
        ("01-awal", ".md", "01-awal/04-pagi-ini.md"),
        ("", "/module.md", "02-pagi-ini/module.md"),
        ("", ".quiz.md", "02-pagi-ini.quiz.md"),
        ("07-kosong", ".md", "07-kosong/01-pagi-ini.md"),
    ],
)
def test_a_new_file_comes_last(folder, ending, path):
    assert numbered(folder, "Pagi ini", ending, PATHS) == path


def test_a_path_is_tidied_and_free():
    assert free_path(" /media//rak.svg ", PATHS) == "media/rak.svg"
    with pytest.raises(PathTaken):
        free_path("Course.md", PATHS)
    assert unused("media/a.png", ("media/A.png", "media/a-2.png")) == "media/a-3.png"


@pytest.mark.parametrize(
    "path", ["", "/", "..", "../x.md", "a/../b.md", ".env", "a\\b.md", "CON", "a\nb.md", "é.md"]
)
def test_a_path_that_not_every_system_keeps_is_refused(path):
    with pytest.raises(BadPath):
        free_path(path, PATHS)


def test_no_path_leads_out():
    for path in corpus("path_traversal") + corpus("upload_filenames"):
        with suppress(BadPath):
            found = free_path(path, PATHS)
            assert not found.startswith("/"), path
            assert ".." not in found.split("/"), path
