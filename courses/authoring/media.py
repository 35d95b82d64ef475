"""The files under media/: of a type that pages can show, and really of that type.

What a name promises is compared with the first bytes; drawings go through their own allow-list (`svg`).
"""

import hashlib
import posixpath
from collections.abc import Callable, Iterable, Mapping

from courses.authoring.course import Media, Place
from courses.authoring.findings import Findings
from courses.authoring.svg import drawing_fault

TYPES: Mapping[str, str] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
}
"""Media type by the end of a file's name, in lower case."""

_BEGINS: Mapping[str, Callable[[bytes], bool]] = {
    "image/png": lambda data: data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR",
    "image/jpeg": lambda data: data[:3] == b"\xff\xd8\xff",
    "image/webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    "image/gif": lambda data: data[:6] in (b"GIF87a", b"GIF89a"),
    "video/mp4": lambda data: data[4:8] == b"ftyp",
    "text/vtt": lambda data: data.removeprefix(b"\xef\xbb\xbf")[:6] == b"WEBVTT",
    "application/pdf": lambda data: data[:5] == b"%PDF-",
}


def media_type(path: str) -> str | None:
    """Return the media type that a name promises, or None where it isn't taken."""
    return TYPES.get(_suffix(path))


def read_media(paths: Iterable[str], files: Mapping[str, bytes], found: Findings) -> tuple[Media, ...]:
    """Return the media of a course in the order of their paths; what is not what it seems is left out."""
    read = (_read(path, files[path], found) for path in paths if path in files)
    return tuple(media for media in read if media)


def _read(path: str, data: bytes, found: Findings) -> Media | None:
    kind = media_type(path)
    if kind is None:
        found.add("media-type", Place(path), suffix=_suffix(path), known=", ".join(TYPES))
    elif kind == "image/svg+xml":
        return _drawing(path, data, found)
    elif not _BEGINS[kind](data):
        found.add("media-content", Place(path), suffix=_suffix(path))
    else:
        return _media(path, kind, data)
    return None


def _drawing(path: str, data: bytes, found: Findings) -> Media | None:
    fault = drawing_fault(data)
    if fault is None:
        return _media(path, "image/svg+xml", data)
    if fault.what:
        found.add("media-svg", Place(path, fault.line), what=fault.what)
    else:
        found.add("media-content", Place(path, fault.line), suffix=".svg")
    return None


def _media(path: str, kind: str, data: bytes) -> Media:
    return Media(path, kind, len(data), hashlib.sha256(data).hexdigest())


def _suffix(path: str) -> str:
    return posixpath.splitext(path)[1].lower()
