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


def check_weight(page: Manuscript, found: Findings) -> None:
    """Find a body that is too long to be one page, or heavier than a slow line likes."""
    text = page.prose.text
    if len(text) > LONGEST:
        found.add("text-too-long", page.place(page.body), length=len(text), limit=LONGEST)
    elif (size := len(text.encode())) > HEAVIEST_LESSON:
        found.add("lesson-heavy", page.place(page.body), size=size, limit=HEAVIEST_LESSON)
