"""Which files of a source are looked at: those with sane names, and no more than a course may weigh.

The rules hold for every source, whether it was read from a folder, unpacked or typed: names that some
system can't keep, names that leave the folder and files beyond the limits are errors.
"""

import re
from collections.abc import Mapping

from courses.authoring.course import Place
from courses.authoring.findings import Findings, showable
from courses.authoring.source import Source

MOST_FILES = 2_000
LARGEST_TEXT = 1024 * 1024
LARGEST_MEDIA = 64 * 1024 * 1024
LARGEST_COURSE = 64 * 1024 * 1024
MOST_TEXT = 4 * 1024 * 1024
"""Bytes of all Markdown files together: more than half a million words."""

_DEEPEST = 6
_LONGEST_NAME = 100
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,()+ -]*(?<![. ])")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def admitted(source: Source, found: Findings) -> Mapping[str, bytes]:
    """Return the files that can be read further, in the order of their paths; what is wrong is found."""
    files = {path: source.files[path] for path in sorted(source.files) if _is_sane(path, found)}
    _find_clashes(files, found)
    course = Place("course.md")
    if len(source.files) > MOST_FILES:
        found.add("too-many-files", course, count=len(source.files), limit=MOST_FILES)
        return {}
    if (size := sum(map(len, files.values()))) > LARGEST_COURSE:
        found.add("course-too-large", course, size=size, limit=LARGEST_COURSE)
    if (text := sum(len(data) for path, data in files.items() if _is_text(path))) > MOST_TEXT:
        found.add("too-much-text", course, size=text, limit=MOST_TEXT)
        return {}
    return {path: data for path, data in files.items() if _is_light(path, len(data), found)}


def largest(path: str) -> int:
    """Return how many bytes a file with this name may have."""
    return LARGEST_TEXT if _is_text(path) else LARGEST_MEDIA


def is_sane(path: str) -> bool:
    """Say whether a path stays in its folder and can be kept by every system."""
    parts = path.split("/")
    return len(parts) <= _DEEPEST and all(
        len(part) <= _LONGEST_NAME and _NAME.fullmatch(part) and not _RESERVED.fullmatch(part)
        for part in parts
    )


def _is_text(path: str) -> bool:
    return path.lower().endswith((".md", ".svg", ".vtt"))


def _is_sane(path: str, found: Findings) -> bool:
    if is_sane(path):
        return True
    found.add("bad-name", Place(showable(path)), name=path.rpartition("/")[2] or path)
    return False


def _is_light(path: str, size: int, found: Findings) -> bool:
    if size <= largest(path):
        return True
    found.add("file-too-large", Place(path), size=size, limit=largest(path))
    return False


def _find_clashes(files: Mapping[str, bytes], found: Findings) -> None:
    """Two names that differ in capital letters only are one file on Windows and macOS."""
    first: dict[str, str] = {}
    for path in files:
        other = first.setdefault(path.lower(), path)
        if other != path:
            found.add("name-clash", Place(path), other=other)
