"""One file while it is being written: what it looks like, and what is wrong with it, by its lines.

The same reading, rendering and cleaning as publishing, of one file instead of all: what a preview shows is
what learners will see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from courses.authoring.course import CertificateKind, CertificateRule, Course, Kind, Place
from courses.authoring.parsing import COURSE_FILE, Parsed, parse
from courses.authoring.problems import Problem
from courses.authoring.rendering import RenderedFile, render_file
from courses.authoring.source import Source


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it will look, None where it can't be read; its problems, and how many others have."""

    file: RenderedFile | None
    problems: tuple[Problem, ...]
    elsewhere: int


def preview(source: Source, path: str) -> Preview:
    """Return what a file of a source looks like, whatever is wrong with the others."""
    parsed = parse(source)
    file = render_file(parsed.course or _sketch(source.slug, parsed), source, path)
    problems: Sequence[Problem] = (*parsed.problems, *(file.problems if file else ()))
    mine = tuple(problem for problem in problems if problem.place.path == path)
    return Preview(file, mine, len(problems) - len(mine))


def _sketch(slug: str, parsed: Parsed) -> Course:
    """As much of a course as could be read; what its keys would say is left to guessing."""
    body = parsed.body
    return Course(
        slug=slug,
        title=slug,
        hours=Decimal(1),
        kind=Kind.TECHNICAL,
        certificate=CertificateRule(CertificateKind.ATTENDED),
        description=body.description,
        parts=body.parts,
        banks=body.banks,
        media=body.media,
        place=Place(COURSE_FILE),
    )
