"""Publishing for tests: the small sample course, whole or with a file changed."""

from pathlib import Path

from app.extensions import db
from app.services import services
from courses.authoring import read_folder
from courses.authoring.source import Source
from courses.catalogue.publishing import prepare, publish
from courses.database import begin_writing

SAMPLE = Path(__file__).with_name("courses") / "contoh"


def sample_course() -> Source:
    """The sample course as it stands in `tests/courses/contoh`."""
    return read_folder(SAMPLE)


def with_files(source: Source, files: dict[str, str | None], *, slug: str | None = None) -> Source:
    """A source with some files replaced, added, or (None) taken away."""
    changed = dict(source.files)
    for path, text in files.items():
        if text is None:
            changed.pop(path)
        else:
            changed[path] = text.encode()
    return Source(slug or source.slug, changed)


def publish_folder(source: Source) -> str:
    """Publish a source and commit; return its slug."""
    prepared = prepare(source, services().objects)
    db.session.rollback()
    begin_writing(db.session())
    publish(db.session(), prepared)
    db.session.commit()
    return source.slug
