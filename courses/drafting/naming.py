"""Names in a draft: an address made from a title, a path for a new file, and which paths a draft takes."""

import posixpath
import re
import unicodedata
from collections.abc import Collection

from courses.authoring.admission import is_sane
from courses.errors import Conflict, Invalid

LONGEST_SLUG = 60
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"([0-9]{1,6})-")
_STEP = 1


class BadPath(Invalid):
    """A path that not every system can keep, or that leaves the folder."""


class PathTaken(Conflict):
    """There is a file of that name, perhaps in other capital letters."""


def slug_of(title: str) -> str:
    """A title as an address: lower-case letters, digits and single hyphens; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NO_LETTER.sub("-", plain)[:LONGEST_SLUG].strip("-")


def free_path(path: str, paths: Collection[str]) -> str:
    """A path that a draft can take.

    Args:
        path: what was typed; a leading or doubled slash and spaces around it are forgiven.
        paths: those that are there.

    Raises:
        BadPath: it cannot be a path of a course.
        PathTaken: it is there already.
    """
    path = "/".join(part.strip() for part in path.strip().split("/") if part.strip())
    if not path or not is_sane(path):
        raise BadPath(path=path[:200])
    if path.lower() in {known.lower() for known in paths}:
        raise PathTaken(path=path)
    return path


def numbered(folder: str, title: str, ending: str, paths: Collection[str]) -> str:
    """The path of a new step or module that comes last in its folder.

    Args:
        folder: where it goes; empty for the course itself.
        title: names it.
        ending: `.md`, `.quiz.md`, or `/module.md` for a module.
        paths: those that are there.
    """
    inside = f"{folder}/" if folder else ""
    names = {path.removeprefix(inside).split("/")[0] for path in paths if path.startswith(inside)}
    numbers = [int(match[1]) for name in names if (match := _NUMBER.match(name))]
    # What ends a course is numbered 90 and up: a new part comes before it.
    before_the_end = [number for number in numbers if number < 90 or folder]
    number = max(before_the_end, default=0) + _STEP
    return f"{inside}{number:02}-{slug_of(title) or 'baru'}{ending}"


def unused(path: str, paths: Collection[str]) -> str:
    """A path, or the same with a number in its name where it is taken."""
    taken = {known.lower() for known in paths}
    stem, ending = posixpath.splitext(path)
    count = 1
    while path.lower() in taken:
        count += 1
        path = f"{stem}-{count}{ending}"
    return path
