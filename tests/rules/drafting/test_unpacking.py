"""Zip files: what a course is comes back byte by byte, and everything else is refused with a word."""

import base64
import io
import re
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.admission import is_sane
from courses.drafting import unpacking
from courses.drafting.packing import number_of, packed
from courses.drafting.unpacking import ZipRefused, unpacked
from tests.corpora import corpus
from tests.publishing import sample_course

COURSE = ("course.md", b"---\ntitle: x\n---\n")
HEAD = re.compile(r"data:application/zip;name=([\w-]+);expect=([\w-]+);base64,(.*)", re.DOTALL)
# What the sample is about is in the course's text, or in a name that only another format gives a meaning:
# as a draft it is kept as it is, and the checker says what is wrong.
OF_ANOTHER_KIND = {
    "yaml-negative",
    "yaml-python",
    "yaml-not-map",
    "yaml-bomb",
    "yaml-dup-keys",
    "bomb-nested",
}
REASONS = {
    "bomb-lies-size": "broken",
    "bomb-overlap": "large",
    "bomb-ratio-20MB": "large",
    "case-collide": "twice",
    "device": "kind",
    "dup-name": "twice",
    "empty-zip": "no-course",
    "encrypted-flag": "encrypted",
    "fifo": "kind",
    "method-99": "broken",
    "name-absolute": "name",
    "name-deep": "name",
    "name-dot-only": "name",
    "name-enc": "name",
    "name-fullwidth": "name",
    "name-hidden-env": "name",
    "name-newline": "name",
    "name-reserved": "name",
    "name-rtl": "name",
    "name-trailing-space": "name",
    "not-zip": "broken",
    "only-pk": "broken",
    "symlink-rel": "kind",
    "truncated-half": "broken",
    "valid-unicode-name": "name",  # a course keeps to names that every system can keep
}


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def why(content: bytes) -> str:
    with pytest.raises(ZipRefused) as refused:
        unpacked(content)
    return refused.value.facts["why"]


def test_samples_are_refused_for_the_right_reason_or_taken(monkeypatch):
    monkeypatch.setattr(unpacking, "COURSE_FILE", "course.yml")  # that is what the samples call it
    taken = set()
    for sample in corpus("zip_samples"):
        name, expected, content = HEAD.findall(sample)[0]
        data = base64.b64decode(content)
        if name in REASONS:
            assert why(data) == REASONS[name], name
        elif expected == "reject" and name not in OF_ANOTHER_KIND:
            assert why(data) in {"media", "picture", "no-course"}, name
        else:
            taken.add(name)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert unpacked(data) == {entry: archive.read(entry) for entry in archive.namelist()}
    assert taken >= OF_ANOTHER_KIND | {"valid-media", "valid-deep", "setuid", "md-remote-img"}


def test_a_course_comes_back_byte_by_byte():
    files = sample_course().files
    content = packed("contoh", 12, files)
    assert unpacked(content) == dict(files)
    assert content == packed("contoh", 12, dict(reversed(list(files.items()))))
    assert number_of(content, "contoh") == 12
    assert number_of(content, "lain") is None
    assert number_of(zipped(COURSE), "contoh") is None


@pytest.mark.parametrize(
    "noise", [b"", b"bina contoh", b"bina contoh x", b"bina contoh 1 2", b"bina contoh -1"]
)
def test_a_comment_that_says_nothing_says_nothing(noise):
    target = io.BytesIO(zipped(COURSE))
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = noise
    assert number_of(target.getvalue(), "contoh") is None


def test_what_systems_add_by_themselves_is_left_out():
    content = zipped(COURSE, ("__MACOSX/._course.md", b"x"), ("media/.DS_Store", b"x"), ("Thumbs.db", b"x"))
    assert unpacked(content) == dict([COURSE])


def test_a_folder_around_everything_is_taken_away_and_no_other():
    assert unpacked(zipped(("kursus saya/course.md", b"a"), ("kursus saya/01-x.md", b"b"))) == {
        "course.md": b"a",
        "01-x.md": b"b",
    }
    assert why(zipped(("a/course.md", b"a"), ("b/course.md", b"b"))) == "no-course"
    assert why(zipped(("a/b/course.md", b"a"))) == "no-course"


def test_a_nested_zip_is_just_a_file():
    inner = zipped(("../../x", b"x"))
    assert unpacked(zipped(COURSE, ("lampiran.zip", inner)))["lampiran.zip"] == inner


@pytest.mark.parametrize("name", ["A/B.MD", "a/B.md"])
def test_names_that_a_system_takes_for_one_are_refused(name):
    assert why(zipped(COURSE, ("a/b.md", b"1"), (name, b"2"))) == "twice"


def test_a_file_where_there_is_also_a_folder_is_refused():
    assert why(zipped(COURSE, ("media/", b""), ("media", b"x"))) == "twice"


def test_limits_are_counted_not_believed(monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_COURSE", 1000)
    assert why(zipped(COURSE, ("01-a.md", b"a" * 600), ("01-b.md", b"b" * 600))) == "large"
    monkeypatch.undo()
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    assert why(zipped(COURSE, ("01-a.md", b""), ("01-b.md", b""))) == "many"
    monkeypatch.undo()
    assert why(zipped(COURSE, ("01-a.md", bytes(2_000_000)))) == "large"


@pytest.mark.parametrize("name", ["media/x.php", "media/x.svg", "media/x.png", "media/x"])
def test_media_that_are_not_what_they_say_are_refused(name):
    assert why(zipped(COURSE, (name, b"<svg onload='x'/>"))) == "media"


def test_a_picture_of_absurd_size_is_refused():
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2 + bytes(9)
    assert why(zipped(COURSE, ("media/x.png", head))) == "picture"


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_a_course(content):
    with suppress(ZipRefused):
        unpacked(content)


@given(st.data())
def test_a_damaged_zip_is_refused_or_the_same(data):
    files = {"course.md": b"---\ntitle: Arsip\n---\n", "01-a.md": b"isi" * 50}
    content = bytearray(packed("contoh", 1, files))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        found = unpacked(bytes(content))
    except ZipRefused:
        return
    assert set(found.values()) <= set(files.values())


def test_a_path_that_leads_out_is_refused():
    for path in corpus("path_traversal"):
        try:
            content = zipped(COURSE, (path.encode("utf-8", "replace").decode(), b"x"))
        except (ValueError, OverflowError, IndexError):  # no zip file can say that
            continue
        with suppress(ZipRefused):
            assert all(is_sane(name) for name in unpacked(content)), path
