"""A course with a mistake leaves no trace; whoever publishes at the same moment makes no edition too many.

The mistakes are those of `tests/rules/authoring/mutations`: seeded, in the course that ships with Bina.
"""

import hashlib
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.services import services
from courses.authoring import Source, read_folder
from courses.catalogue.models import CourseRow, Edition
from courses.catalogue.publishing import CourseHasProblems, Published, prepare, publish
from courses.database import begin_writing
from courses.randomness import token
from tests.publishing import publish_folder, sample_course, with_files
from tests.rules.authoring.mutations.mistakes import MISTAKES
from tests.rules.authoring.mutations.mutating import mutated
from tests.services.crowd import at_once
from tests.services.doses import dose
from tests.web.hostile import changed, tables

ROOT = Path(__file__).resolve().parents[2]
MUTATIONS = dose(quick=20, full=1000)
CROWD = 6


def test_a_course_with_a_mistake_leaves_database_and_objects_as_they_were(app, shipped):
    publish_folder(shipped)
    before, kept = tables(), _objects()
    for seed in range(MUTATIONS):
        mutation = mutated(shipped.files, MISTAKES, seed)
        with pytest.raises(CourseHasProblems) as refusal:
            publish_folder(Source(shipped.slug, mutation.files))
        assert refusal.value.problems, mutation.mistake
    assert changed(before) == set()
    assert _objects() == kept


def test_a_new_course_with_a_mistake_is_not_begun(app, shipped):
    before, kept = tables(), _objects()
    for seed in range(5):
        with pytest.raises(CourseHasProblems):
            publish_folder(Source("baru", mutated(shipped.files, MISTAKES, seed).files))
    assert changed(before) == set()
    assert _objects() == kept


def test_the_command_refuses_with_the_place_and_leaves_everything_as_it_was(app, shipped, tmp_path):
    publish_folder(shipped)
    before, kept = tables(), _objects()
    for seed in range(3):
        mutation = mutated(shipped.files, MISTAKES, seed)
        folder = _written(tmp_path / str(seed) / shipped.slug, mutation.files)
        said = app.test_cli_runner().invoke(args=["course", "publish", str(folder)])
        assert said.exit_code == 1, said.output
        assert f"{mutation.path}:{mutation.line}:" in said.output
    assert changed(before) == set()
    assert _objects() == kept


def test_the_traces_are_seen_when_there_are_any(app, shipped):
    before, kept = tables(), _objects()
    publish_folder(shipped)
    assert changed(before) == {"course", "edition", "page", "question", "media"}
    assert _objects() != kept


def test_the_same_source_twice_makes_no_new_edition(app, shipped):
    publish_folder(shipped)
    before, kept = tables(), _objects()
    again = _published(Source(shipped.slug, dict(reversed(shipped.files.items()))))
    assert (again.fresh, again.number) == (False, 1)
    assert changed(before) == set()
    assert _objects() == kept


def test_what_was_published_before_may_come_back_as_a_newer_edition(app):
    first, second = sample_course(), _edited(2)
    numbers = [_published(source).number for source in (first, second, first, first)]
    assert numbers == [1, 2, 3, 3]
    assert _editions() == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize("known", [False, True], ids=["new course", "known course"])
def test_one_source_published_by_several_at_once_is_one_edition(app, known):
    if known:
        publish_folder(_edited(0))
    prepared = prepare(_edited(1), services().objects)
    results = _sound(at_once(CROWD, lambda session: publish(session, prepared)))
    assert sorted(result.fresh for result in results) == [False] * (CROWD - 1) + [True]
    assert {result.number for result in results} == {1 + known}
    assert _editions() == ([(1, False), (2, True)] if known else [(1, True)])


@pytest.mark.parametrize("known", [False, True], ids=["new course", "known course"])
def test_different_sources_published_at_once_are_numbered_and_the_last_is_current(app, known):
    if known:
        publish_folder(_edited(0))
    prepared = iter([prepare(_edited(number), services().objects) for number in range(1, CROWD + 1)])
    results = _sound(at_once(CROWD, lambda session: publish(session, next(prepared))))
    last = CROWD + known
    assert sorted(result.number for result in results) == list(range(1 + known, last + 1))
    assert _editions() == [(number, number == last) for number in range(1, last + 1)]


def test_prepared_by_several_at_once_too(app):
    objects = services().objects

    def act(session):
        session.rollback()  # nothing slow in a writing transaction
        prepared = prepare(_edited(1), objects)
        begin_writing(session)
        return publish(session, prepared)

    results = _sound(at_once(2, act))
    assert sorted(result.fresh for result in results) == [False, True]
    assert _editions() == [(1, True)]


@pytest.fixture
def shipped() -> Source:
    """The shipped course with a lesson that no object store has seen before."""
    folder = read_folder(ROOT / "content" / "courses" / "pembinaan-asn")
    return with_files(
        folder, {"01-mengapa-belajar-terus/98-unik.md": f"---\ntitle: Unik\n---\n\n{token()}\n"}
    )


def _edited(number: int) -> Source:
    """The sample course with a lesson of its own."""
    text = f"---\ntitle: Tambahan\n---\n\nBacaan nomor {number}.\n"
    return with_files(sample_course(), {"02-lanjut/02-tambahan.md": text})


def _published(source: Source) -> Published:
    prepared = prepare(source, services().objects)
    begin_writing(db.session())
    published = publish(db.session(), prepared)
    db.session.commit()
    return published


def _sound(results) -> list[Published]:
    assert [result for result in results if not isinstance(result, Published)] == []
    return results


def _editions() -> list[tuple[int, bool]]:
    rows = db.session.execute(select(Edition.number, Edition.is_current).order_by(Edition.number)).all()
    assert db.session.query(CourseRow).count() == 1
    db.session.rollback()
    return [(number, current) for number, current in rows]


def _objects() -> dict[str, str]:
    """Every file of the object store by its digest, leftovers of a broken write included."""
    folder = services().settings.data_dir / "objects"
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        os.fspath(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }


def _written(folder: Path, files) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
