"""`flask course check | publish`: what an author runs in a folder of Markdown."""

import sys
from pathlib import Path

import click

from app.cli.edge import answer, as_json, attempt, refuse, writing
from app.services import services
from courses.authoring import check as check_folder
from courses.authoring import read_folder
from courses.authoring.problems import Problem, Severity
from courses.catalogue.publishing import CourseHasProblems, Prepared, prepare
from courses.catalogue.publishing import publish as publish_edition
from courses.errors import Refusal

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group()
def course() -> None:
    """Check and publish courses."""


@course.command()
@PATHS
@as_json
def check(paths: tuple[Path, ...], machine: bool) -> None:
    """Report every problem of course folders. Exit code 1 when there is an error."""
    problems = [problem for path in paths for problem in _problems(path, machine=machine)]
    _report(problems, machine=machine)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if not machine:
        click.echo(f"{errors} error(s), {len(problems) - errors} warning(s)", err=True)
    sys.exit(1 if errors else 0)


@course.command()
@PATHS
@as_json
def publish(paths: tuple[Path, ...], machine: bool) -> None:
    """Publish course folders: all of them, or none and the problems."""
    prepared = [_prepared(path, machine=machine) for path in paths]
    with writing() as session:
        editions = [publish_edition(session, one) for one in prepared]
    value = [{"course": one.slug, "edition": one.number, "published": one.fresh} for one in editions]
    lines = [
        f"{one.slug}: edition {one.number} {'published' if one.fresh else 'is current already'}"
        for one in editions
    ]
    answer(value, "\n".join(lines), machine=machine)


def _problems(path: Path, *, machine: bool) -> tuple[Problem, ...]:
    return attempt(lambda: check_folder(path).problems, machine=machine)


def _prepared(path: Path, *, machine: bool) -> Prepared:
    try:
        return prepare(read_folder(path), services().objects)
    except CourseHasProblems as refusal:
        _report(refusal.problems, machine=machine)
        if not machine:
            click.echo(f"bina: refused: {path} has errors; nothing was published", err=True)
        sys.exit(1)
    except Refusal as refusal:
        refuse(refusal, machine=machine)


def _report(problems: tuple[Problem, ...] | list[Problem], *, machine: bool) -> None:
    value = [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "severity": problem.severity.value,
            "code": problem.code,
            "message": problem.sentence,
        }
        for problem in problems
    ]
    if machine or problems:
        answer(value, "\n".join(str(problem) for problem in problems), machine=machine)
