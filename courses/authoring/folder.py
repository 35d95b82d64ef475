"""A folder on disk -> a Source: plain files inside it only, never more than a course may weigh.

What an author can mend is no exception: such a file is left out, and the source says so as a problem. A
folder that is no course at all is refused.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from courses.authoring.admission import LARGEST_COURSE, MOST_FILES, is_sane, largest
from courses.authoring.course import Place
from courses.authoring.findings import Findings, showable
from courses.authoring.source import Source
from courses.errors import Invalid, NotFound

_LEFTOVERS = (".swp", ".tmp", ".bak", ".orig", ".rej", ".pyc", "~")
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__"})
_ENOUGH_FILES = MOST_FILES + 1


class NoSuchFolder(NotFound):
    """There is no folder at the path that was given."""


class NotACourse(Invalid):
    """The folder holds no course.md."""


def read_folder(path: Path) -> Source:
    """Return the files of a course folder.

    Args:
        path: the folder of the course; its name is the slug.

    Returns: The source. Hidden files and what editors leave behind are not part of it. Files that are
    links, can't be read or go beyond the limits of `admission` are missing from it and named in its
    `left_out`.

    Raises:
        NoSuchFolder: there is no such folder.
        NotACourse: it has no course.md.
    """
    root = path.resolve()
    if not root.is_dir():
        raise NoSuchFolder(f"no folder {path}", path=str(path))
    if not (root / "course.md").is_file():
        raise NotACourse(f"no course.md in {path}", path=str(path))
    found = Findings()
    files = dict(_read(root, found))
    return Source(root.name, files, found.problems)


def _read(root: Path, found: Findings) -> Iterator[tuple[str, bytes]]:
    left = LARGEST_COURSE
    for count, file in enumerate(_walk(root, found)):
        if count == _ENOUGH_FILES:
            found.add("too-many-files", Place("course.md"), count=f"> {MOST_FILES}", limit=MOST_FILES)
            return
        name = file.relative_to(root).as_posix()
        data = _bytes(file, name, found) if _is_named_well(name, found) else None
        if data is None:
            continue
        left -= len(data)
        if left < 0:
            found.add(
                "course-too-large", Place("course.md"), size=f"> {LARGEST_COURSE}", limit=LARGEST_COURSE
            )
            return
        yield name, data


def _walk(root: Path, found: Findings) -> Iterator[Path]:
    """Give the plain files below a folder in the order of their names; links are found, not followed."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in [*folders, *sorted(names)]:
            file = Path(folder, name)
            if _is_leftover(name):
                folders[:] = [kept for kept in folders if kept != name]
            elif file.is_symlink():
                found.add("symlink", Place(showable(file.relative_to(root).as_posix())))
            elif file.is_file():
                yield file


def _is_named_well(name: str, found: Findings) -> bool:
    if not is_sane(name):
        found.add("bad-name", Place(showable(name)), name=name.rpartition("/")[2])
    return is_sane(name)


def _bytes(file: Path, name: str, found: Findings) -> bytes | None:
    limit = largest(name)
    try:
        size = file.stat().st_size
        if size <= limit:
            with file.open("rb") as opened:
                return opened.read(limit)
    except OSError as error:
        found.add("unreadable", Place(showable(name)), reason=str(error.strerror))
        return None
    found.add("file-too-large", Place(showable(name)), size=size, limit=limit)
    return None


def _is_leftover(name: str) -> bool:
    name = name.lower()
    return name.startswith((".", "~$", "#")) or name.endswith(_LEFTOVERS) or name in _SYSTEM_FILES
