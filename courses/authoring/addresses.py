"""Where links and media of a course point: a path in its folder becomes an address on this site.

An author writes paths relative to the file they stand in, so that they work on any git host; here they are
looked up in one table. What is not in the table is left as it was written, for the cleaner to judge.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from courses.authoring.course import Course, Lesson
from courses.authoring.pictures import picture_size
from courses.authoring.source import Source


@dataclass(frozen=True, slots=True)
class Target:
    """What a path of the folder is on the site. `width`, `height`: pixels of a picture, 0 where not known."""

    url: str
    type: str = "text/html"
    size: int = 0
    width: int = 0
    height: int = 0


def targets(course: Course, source: Source) -> dict[str, Target]:
    """Return the address of every lesson, quiz and media file by its path in the course folder."""
    found = {course.place.path or "course.md": Target(f"/courses/{quote(course.slug)}")}
    for step in course.steps:
        part = "" if isinstance(step, Lesson) else "quiz/"
        found[step.place.path] = Target(f"/learn/{quote(course.slug)}/{part}{quote(step.id)}")
    for media in course.media:
        width, height = picture_size(media.type, source.files.get(media.path, b""))
        url = f"/media/{media.sha256}/{quote(posixpath.basename(media.path))}"
        found[media.path] = Target(url, media.type, media.size, width, height)
    return found


def resolve(address: str, folder: str, table: Mapping[str, Target]) -> tuple[Target, str] | None:
    """Return the target of a relative address and its fragment, or None where the table doesn't know it.

    Args:
        address: as the author wrote it, for example `../02-melayani/01-x.md#akar`.
        folder: the folder of the file it stands in, inside the course folder.
        table: as `targets` makes it.
    """
    path, _, fragment = address.partition("#")
    if not path or path.startswith("/") or "\\" in path:
        return None
    target = table.get(posixpath.normpath(posixpath.join(folder, unquote(path))))
    return (target, unquote(fragment)) if target else None
