"""`flask setup`: all that a start needs, in one process: migrations, files, key, courses, demo people.

Each step looks first whether there is anything to do, so a second start costs little.
"""

import re
import sys
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import metrics, static_files
from app.cli.demo import make_demo_people
from app.cli.edge import writing
from app.extensions import db
from app.services import services, settings
from courses.catalogue.models import CourseRow, Edition
from courses.certification.numbering import validate_pattern
from courses.certification.signed import register_key
from courses.errors import Refusal

REVISION = re.compile(r'^(revision|down_revision)\b.*= "(\w+)"$', re.MULTILINE)


@click.command()
def setup() -> None:
    """Bring this installation up to date: run at every start."""
    try:
        _set_up()
    except Refusal as refusal:
        _end(_said(refusal))
    except SQLAlchemyError as error:
        _end(f"the database cannot be used: {' '.join(str(error).split())[:300]}")


def _set_up() -> None:
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    validate_pattern(settings().certificate_pattern)
    migrate()
    static_files.build(settings().data_dir)
    metrics.forget_the_dead(metrics.folder_of(settings()))
    _publish_signing_key()
    _ = services().pages  # rendered now, so that no reader waits for it
    for slug in _publish_shipped(settings().content_dir / "courses"):
        click.echo(f"Pelatihan {slug} terbit.")
    if not settings().production:
        make_demo_people()


def migrate() -> None:
    """Bring the database to the newest migration, if it is not there."""
    if revisions() != {newest_revision()}:
        from flask_migrate import upgrade  # half of a start, and seldom needed

        upgrade()


def revisions() -> set[str]:
    """Where the database is: one migration, or none when it is new."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return set()
        return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def newest_revision() -> str:
    """The migration that this version of Bina ends at: the one that no other follows."""
    folder = Path(current_app.root_path).parent / "migrations" / "versions"
    said = [dict(REVISION.findall(path.read_text("utf-8"))) for path in folder.glob("*.py")]
    (newest,) = {one["revision"] for one in said} - {one.get("down_revision") for one in said}
    return str(newest)


def _publish_signing_key() -> None:
    key = services().signing_key
    with writing() as session:
        register_key(session, key)


def _publish_shipped(folder: Path) -> list[str]:
    """Publish the shipped courses that have no edition yet; never put an old file over a newer edition."""
    published = set(
        db.session.scalars(select(CourseRow.slug).join(Edition, Edition.course_id == CourseRow.id))
    )
    db.session.rollback()
    shipped = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [_published(path) for path in shipped if path.name not in published]


def _published(path: Path) -> str:
    # All that reads and renders courses: half of a start, and needed at the first one alone.
    from courses.authoring import read_folder
    from courses.catalogue.publishing import prepare, publish

    prepared = prepare(read_folder(path), services().objects)
    with writing() as session:
        return publish(session, prepared).slug


def _said(refusal: Refusal) -> str:
    errors = [problem for problem in getattr(refusal, "problems", ()) if problem.severity == "error"]
    if errors:
        return f"a shipped course has {len(errors)} error(s), the first: {errors[0]}"
    return f"refused: {refusal.code} {refusal.facts or ''}".rstrip()


def _end(line: str) -> None:
    click.echo(f"bina: {line}", err=True)
    sys.exit(1)
