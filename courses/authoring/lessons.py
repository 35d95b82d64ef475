"""A lesson: a page to read, which is its whole body."""

from courses.authoring.advice import HEAVIEST_LESSON
from courses.authoring.course import Lesson, Place
from courses.authoring.findings import Findings
from courses.authoring.limits import LONGEST
from courses.authoring.manuscript import Manuscript
from courses.authoring.matter import LessonMatter


def build_lesson(id_: str, matter: LessonMatter, page: Manuscript) -> Lesson:
    """Return the lesson that the keys and the body of a file make."""
    return Lesson(
        id=id_,
        title=matter.title,
        body=page.prose,
        minutes=matter.minutes,
        objectives=matter.objectives,
        complete=matter.complete,
        minimum=matter.minimum,
        release=matter.release,
        change=matter.change.value,
        place=Place(page.path),
    )


def is_too_long(page: Manuscript, found: Findings) -> bool:
    """Say whether a body is too long to be one page; then that was found."""
    length = len(page.prose.text)
    if length > LONGEST:
        found.add("text-too-long", page.prose.place, length=length, limit=LONGEST)
    return length > LONGEST


def check_weight(page: Manuscript, found: Findings) -> None:
    """Find a lesson that is heavier than a slow line likes."""
    if (size := len(page.prose.text.encode())) > HEAVIEST_LESSON:
        found.add("lesson-heavy", page.prose.place, size=size, limit=HEAVIEST_LESSON)
