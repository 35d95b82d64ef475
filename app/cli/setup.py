"""`flask setup`: all that a start needs, in one process: migrations, files, key, courses, demo people.

Each step looks first whether there is anything to do, so a second start costs little.
"""

import sys
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import metrics, static_files
from app.cli.demo import make_demo_people
from app.cli.edge import writing
from app.extensions import db
from app.services import services, settings
from courses.authoring import read_folder
from courses.authoring.problems import Severity
from courses.catalogue.models import CourseRow, Edition
from courses.catalogue.publishing import CourseHasProblems, prepare, publish
from courses.certification.numbering import validate_pattern
from courses.certification.signed import register_key
from courses.errors import Refusal


@click.command()
def setup() -> None:
    """Bring this installation up to date: run at every start."""
    try:
        _set_up()
    except CourseHasProblems as refusal:
        errors = [problem for problem in refusal.problems if problem.severity is Severity.ERROR]
        _end(f"a shipped course has {len(errors)} error(s), the first: {errors[0]}")
    except Refusal as refusal:
        _end(f"refused: {refusal.code} {refusal.facts or ''}".rstrip())
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
        upgrade()


def revisions() -> set[str]:
    """Where the database is: one migration, or none when it is new."""
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def newest_revision() -> str:
    """The migration that this version of Bina ends at."""
    script = ScriptDirectory(str(Path(current_app.root_path).parent / "migrations"))
    return str(script.get_current_head())


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
    fresh = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir() and path.name not in published:
            prepared = prepare(read_folder(path), services().objects)
            with writing() as session:
                fresh.append(publish(session, prepared).slug)
    return fresh


def _end(line: str) -> None:
    click.echo(f"bina: {line}", err=True)
    sys.exit(1)
