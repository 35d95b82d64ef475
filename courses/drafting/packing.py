"""The files of a course -> a zip file: the same files, the same bytes, whoever asks and whenever."""

import io
import zipfile
from collections.abc import Mapping

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PRESSED = (".md", ".svg", ".vtt")
_NOTE = b"bina "


def packed(slug: str, number: int, files: Mapping[str, bytes]) -> bytes:
    """A zip file with one folder, named like the course.

    Args:
        slug: the course.
        number: the version, noted in the file's comment: what comes back says what it began from.
        files: its bytes by path.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = _NOTE + f"{slug} {number}".encode()
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{slug}/{path}", _LONG_AGO)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith(_PRESSED) else zipfile.ZIP_STORED
            archive.writestr(entry, files[path])
    return target.getvalue()


def number_of(content: bytes, slug: str) -> int | None:
    """The version that a zip file of this course began from; None where it does not say."""
    end = content.rfind(b"PK\x05\x06")
    note = content[end + 22 :] if end >= 0 else b""
    words = note.removeprefix(_NOTE).split()
    is_ours = note.startswith(_NOTE) and len(words) == 2 and words[0] == slug.encode()
    return int(words[1]) if is_ours and words[1].isdigit() and len(words[1]) < 10 else None
