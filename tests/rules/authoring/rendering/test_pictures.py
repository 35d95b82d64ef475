"""The size of a picture, from its first bytes."""

import struct

import pytest

from courses.authoring.pictures import picture_size

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def jpeg(*segments):
    return b"\xff\xd8" + b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments
    )


def frame(width, height):
    return b"\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x00" * 9


@pytest.mark.parametrize(
    ("media_type", "data", "size"),
    [
        ("image/png", PNG + struct.pack(">II", 640, 480), (640, 480)),
        ("image/png", PNG + struct.pack(">II", 0, 480), (0, 0)),
        ("image/png", PNG + struct.pack(">II", 2**31, 480), (0, 0)),
        ("image/png", PNG + b"\x00", (0, 0)),
        ("image/png", b"GIF89a", (0, 0)),
        ("image/gif", b"GIF89a" + struct.pack("<HH", 30, 20), (30, 20)),
        ("image/gif", b"GIF89a", (0, 0)),
        ("image/jpeg", jpeg((0xE0, b"JFIF\x00"), (0xE1, b"x" * 300), (0xC0, frame(800, 600))), (800, 600)),
        ("image/jpeg", jpeg((0xC4, b"x" * 9), (0xC2, frame(8, 6))), (8, 6)),
        ("image/jpeg", jpeg((0xE0, b"JFIF\x00")), (0, 0)),
        ("image/jpeg", b"\xff\xd8" + b"\xff\xe0\x00\x00" * 1_000, (0, 0)),
        ("image/jpeg", b"", (0, 0)),
        ("image/svg+xml", b'<?xml version="1.0"?><svg xmlns="x"\n viewBox="0 0 120.4 60">', (120, 60)),
        ("image/svg+xml", b"<svg viewBox='0,0,12,6'/>", (12, 6)),
        ("image/svg+xml", b'<svg viewBox="0 0 1.2.3 6"/>', (0, 0)),
        ("image/svg+xml", b'<svg viewBox="0 0 99999999999999999999 6"/>', (0, 0)),
        ("image/svg+xml", b"<svg>", (0, 0)),
        ("video/mp4", b"ftyp", (0, 0)),
    ],
)
def test_size(media_type, data, size):
    assert picture_size(media_type, data) == size
