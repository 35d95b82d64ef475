"""A source -> a Course, or every problem in it. Nothing raises, whatever the bytes; nothing is rendered.

`admission` says which files are looked at and `layout` what each of them is; `steps` reads one file, from
its lines (`manuscript`) and keys (`frontmatter`, `matter`) to its structure (`blocks`); `checking` looks at
the whole.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from courses.authoring.admission import admitted
from courses.authoring.checking import (
    check_banks,
    check_certificate,
    check_completions,
    check_hours,
    check_ids,
)
from courses.authoring.course import (
    CertificateRule,
    Course,
    Lesson,
    Media,
    Module,
    Place,
    Prose,
    Quiz,
)
from courses.authoring.fields import is_id
from courses.authoring.findings import Findings
from courses.authoring.folder import read_folder
from courses.authoring.layout import ModuleFolder, StepKind, laid_out
from courses.authoring.links import Shelf
from courses.authoring.matter import CourseMatter, ModuleMatter, read_matter
from courses.authoring.media import read_media
from courses.authoring.problems import Problem
from courses.authoring.source import Source
from courses.authoring.steps import OpenFile, Reader, ReadStep

COURSE_FILE = "course.md"
NOTHING = Prose("")


@dataclass(frozen=True, slots=True)
class Body:
    """What a course holds besides its keys: whatever of it could be read."""

    description: Prose = NOTHING
    parts: tuple[Module | Lesson | Quiz, ...] = ()
    banks: tuple[Quiz, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The course, or None when one of the problems is an error; problems in the order of the files.

    `body` is for whoever is still writing: what could be read, also where the whole makes no course.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    body: Body


def check(path: Path) -> Parsed:
    """Read a folder and parse it.

    Raises:
        NoSuchFolder: there is no such folder.
        NotACourse: it has no course.md.
    """
    return parse(read_folder(path))


def parse(source: Source) -> Parsed:
    """Return the course that the files of a source make, and every problem in them."""
    found = Findings(source.left_out)
    files = admitted(source, found)
    if not is_id(source.slug):
        found.add("bad-slug", Place(COURSE_FILE), slug=source.slug)
    if COURSE_FILE not in source.files:
        found.add("course-file-missing", Place(COURSE_FILE))
    with _without_collecting():
        course, body = _Whole(source.slug, files, found).read()
    return Parsed(None if found.errors else course, found.problems, body)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A text makes many small objects and no cycles: looking for cycles would take longer than reading it."""
    if not gc.isenabled():  # another thread reads too: it will switch collecting on again
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Whole:
    """A course while its files are read."""

    def __init__(self, slug: str, files: Mapping[str, bytes], found: Findings) -> None:
        self._slug = slug
        self._found = found
        self._layout = laid_out(files, found)
        pages = {step.path for step in self._layout.steps if step.kind is not StepKind.SURVEY}
        self._files = files
        self._reader = Reader(files, Shelf(frozenset(files), frozenset({COURSE_FILE, *pages})), found)

    def read(self) -> tuple[Course | None, Body]:
        """Read everything, check the whole, and put it together where it is sound."""
        cover = self._reader.open(COURSE_FILE)
        matter = read_matter(CourseMatter, cover.front, self._found) if cover else None
        steps = {file.path: self._reader.step(file) for file in self._layout.steps}
        banks = [self._reader.bank(path) for path in self._layout.banks]
        parts = self._parts(steps)
        media = read_media(self._layout.media, self._files, self._found)
        self._check(list(steps.values()), banks)
        sound = tuple(bank.step for bank in banks if isinstance(bank.step, Quiz))
        body = Body(cover.page.prose if cover else NOTHING, parts, sound, media)
        if cover is None or matter is None:
            return None, body
        self._check_course(cover, matter, list(steps.values()), banks)
        return _course(self._slug, matter, body), body

    def _parts(self, steps: Mapping[str, ReadStep]) -> tuple[Module | Lesson | Quiz, ...]:
        parts = [
            self._module(part, steps) if isinstance(part, ModuleFolder) else steps[part.path].step
            for part in self._layout.parts
        ]
        modules = [(part.id, part.place.path, part.place) for part in parts if isinstance(part, Module)]
        check_ids(modules, self._found)
        return tuple(part for part in parts if part)

    def _module(self, folder: ModuleFolder, steps: Mapping[str, ReadStep]) -> Module:
        """A module speaks through its module.md; without one its folder's name is its title."""
        cover = self._reader.open(folder.cover)
        front = cover.front if cover else None
        id_ = self._reader.id_of(folder.cover if cover else folder.path, folder.name, front)
        matter = read_matter(ModuleMatter, front, self._found)
        if cover:
            self._reader.check_text(cover.page, cover.blocks)
        if not folder.steps:
            self._found.add("module-empty", Place(folder.cover if cover else folder.path))
        return Module(
            id=id_,
            title=matter.title if matter else folder.name.replace("-", " ").capitalize(),
            steps=tuple(step for file in folder.steps if (step := steps[file.path].step)),
            intro=cover.page.prose if cover else NOTHING,
            place=(front and front.places.get(("id",))) or Place(folder.cover if cover else folder.path),
        )

    def _check(self, steps: Sequence[ReadStep], banks: Sequence[ReadStep]) -> None:
        if not steps:
            self._found.add("course-empty", Place(COURSE_FILE))
        check_ids([(step.id, step.path, step.id_place) for step in steps], self._found)
        check_completions(steps, self._found)
        check_banks(steps, banks, self._found)

    def _check_course(
        self, cover: OpenFile, matter: CourseMatter, steps: Sequence[ReadStep], banks: Sequence[ReadStep]
    ) -> None:
        front = cover.front
        if front is None:
            return
        self._reader.check_text(cover.page, cover.blocks)
        if self._slug in matter.requires:
            self._found.add("requires-itself", front.place("requires", matter.requires.index(self._slug)))
        check_certificate(matter, steps, self._found)
        check_hours(matter, front.place("hours"), steps, banks, self._found)


def _course(slug: str, matter: CourseMatter, body: Body) -> Course:
    certificate = matter.certificate
    return Course(
        slug=slug,
        title=matter.title,
        hours=matter.hours,
        kind=matter.kind,
        certificate=CertificateRule(certificate.kind, certificate.issue, certificate.valid),
        description=body.description,
        summary=matter.summary,
        lang=matter.lang,
        competency=matter.competency,
        level=matter.level,
        objectives=matter.objectives,
        requires=matter.requires,
        order=matter.order,
        pass_percent=matter.pass_percent,
        provider=matter.provider,
        partners=matter.partners,
        siasn_kind=matter.siasn.jenis_diklat if matter.siasn else None,
        parts=body.parts,
        banks=body.banks,
        media=body.media,
        place=Place(COURSE_FILE),
    )
