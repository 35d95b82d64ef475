"""A zip file -> the files of a course, or a refusal; whatever the bytes are, nothing is written anywhere.

What the directory of the file claims is checked first (names, kinds, places), then every byte is counted
while it is unpacked: a claim may be a lie.
"""

import io
import posixpath
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from courses.authoring.admission import LARGEST_COURSE, MOST_FILES, is_sane, largest
from courses.authoring.findings import Findings, showable
from courses.authoring.media import read_media
from courses.authoring.pictures import UNKNOWN, picture_size
from courses.errors import Invalid

COURSE_FILE = "course.md"
_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_SMALL, _RATIO = 1024 * 1024, 100
_CHUNK = 64 * 1024
_MOST_PIXELS = 50_000_000
_SYSTEM = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class ZipRefused(Invalid):
    """A zip file that is not taken. `why` is a word for the table of sentences, `name` a file in it."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why, why=why, name=showable(name))


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of a course by path.

    A single folder around everything is taken away; what macOS and Windows add by themselves is left out.

    Raises:
        ZipRefused: it is no zip file, not a course, or holds what no course may hold.
    """
    files = _without_folder(_files(content))
    if COURSE_FILE not in files:
        raise ZipRefused("no-course")
    check_media(files)
    return files


def check_media(files: Mapping[str, bytes]) -> None:
    """Refuse files under media/ that are not what their name says, and pictures too large to show.

    Raises:
        ZipRefused: for the first of them.
    """
    found = Findings()
    media = read_media([path for path in sorted(files) if path.startswith("media/")], files, found)
    if found.problems:
        raise ZipRefused("media", found.problems[0].place.path)
    for one in media:
        size = picture_size(one.type, files[one.path])
        is_sized = one.type.startswith("image/") and one.type != "image/webp"
        if size[0] * size[1] > _MOST_PIXELS or (is_sized and _is_absurd(one.type, size)):
            raise ZipRefused("picture", one.path)


def _is_absurd(kind: str, size: tuple[int, int]) -> bool:
    return size == UNKNOWN and kind != "image/svg+xml"


def _files(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not _is_system_file(one.orig_filename)]
            _check(entries)
            return _read(archive, [one for one in entries if not one.is_dir()])
    except _BROKEN:
        raise ZipRefused("broken") from None


def _check(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ZipRefused("many")
    for entry in entries:
        _check_name(entry)
        _check_kind(entry)
    _check_clashes(entry.filename.rstrip("/") for entry in entries)
    _check_places(entries)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.removesuffix("/")
    if entry.filename != entry.orig_filename or not is_sane(_below_top(name)):
        raise ZipRefused("name", entry.orig_filename)


def _below_top(name: str) -> str:
    """One level more than a course has is allowed: the folder around everything."""
    top, slash, rest = name.partition("/")
    return rest if slash and is_sane(top) else name


def _check_kind(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG):
        raise ZipRefused("kind", entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        raise ZipRefused("encrypted", entry.filename)
    if entry.compress_type not in _PLAIN:
        raise ZipRefused("broken")
    if entry.file_size > _SMALL and entry.file_size > _RATIO * entry.compress_size:
        raise ZipRefused("large", entry.filename)


def _check_clashes(names: Iterable[str]) -> None:
    """Two names that some system takes for one, or a file where there is also a folder."""
    seen: set[str] = set()
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            raise ZipRefused("twice", name)
        seen.add(folded)


def _check_places(entries: Sequence[zipfile.ZipInfo]) -> None:
    """No two files share bytes: that is how a small zip holds more than any limit."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ZipRefused("large", entry.filename)
        end = entry.header_offset + _LOCAL_HEADER + len(entry.filename) + entry.compress_size


def _read(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = LARGEST_COURSE
    for entry in entries:
        data = _unpacked(archive, entry, min(left, largest(entry.filename)))
        left -= len(data)
        files[entry.filename] = data
    return files


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    data = bytearray()
    with archive.open(entry) as opened:
        while chunk := opened.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise ZipRefused("large", entry.filename)
    return bytes(data)


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    tops = {path.partition("/")[0] for path in files}
    if COURSE_FILE in files or len(tops) != 1 or not all("/" in path for path in files):
        return dict(files)
    return {path.partition("/")[2]: data for path, data in files.items()}


def _is_system_file(name: str) -> bool:
    parts = name.rstrip("/").lower().split("/")
    return parts[0] == "__macosx" or posixpath.basename("/".join(parts)) in _SYSTEM
