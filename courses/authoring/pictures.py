"""How large a picture is, read from its first bytes: a page that knows doesn't jump while it loads.

Nothing is decoded; what can't be read at a glance has the size (0, 0), which means unknown.
"""

import re
import struct
from collections.abc import Callable

Size = tuple[int, int]
UNKNOWN: Size = (0, 0)
_MOST = 20_000
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SVG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_VIEW_BOX = re.compile(rb"""\bviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']""")


def picture_size(media_type: str, data: bytes) -> Size:
    """Return width and height in pixels, or (0, 0) where they are unknown or absurd."""
    reader = _READERS.get(media_type)
    if reader is None:
        return UNKNOWN
    try:
        width, height = reader(data)
    except (struct.error, ValueError, IndexError):
        return UNKNOWN
    return (width, height) if 0 < width <= _MOST and 0 < height <= _MOST else UNKNOWN


def _png(data: bytes) -> Size:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return UNKNOWN
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> Size:
    if data[:4] != b"GIF8":
        return UNKNOWN
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> Size:
    """Walk from marker to marker to the frame header."""
    at = 2 if data[:2] == b"\xff\xd8" else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return UNKNOWN


def _svg(data: bytes) -> Size:
    tag = _SVG.search(data[:10_000])
    box = _VIEW_BOX.search(tag[0]) if tag else None
    return (round(float(box[1])), round(float(box[2]))) if box else UNKNOWN


_READERS: dict[str, Callable[[bytes], Size]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/svg+xml": _svg,
}
