"""Gzip put together from pieces that were pressed before: what is alike for all readers is pressed once.

Deflate is a row of blocks. A piece that was flushed in full ends with a byte and refers to nothing before it,
so such pieces may stand in any order. What is one reader's stands between them in blocks that are stored as
they are: no token is pressed together with a text, so the length of a page tells nothing of it.
"""

import zlib
from collections.abc import Iterable

_HEAD = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"  # deflate; no name, no time; pressed hard, on any system
_END = b"\x03\x00"  # a last block, empty
_NO_HEAD = -15  # the window, and neither head nor sum: these are of the whole
LONGEST_STORED = 0xFFFF


def pressed(text: bytes) -> bytes:
    """A piece, as small as it gets."""
    press = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _NO_HEAD)
    return press.compress(text) + press.flush(zlib.Z_FULL_FLUSH)


def stored(text: bytes) -> bytes:
    """A piece as it is: five bytes longer for each 64 KB."""
    return b"".join(
        _block(text[start : start + LONGEST_STORED]) for start in range(0, len(text), LONGEST_STORED)
    )


def packed(pieces: Iterable[bytes], text: bytes) -> bytes:
    """Pieces as one gzip file; `text` is what they say together."""
    ends = zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((_HEAD, *pieces, _END, ends))


def _block(text: bytes) -> bytes:
    return b"\x00" + len(text).to_bytes(2, "little") + (len(text) ^ 0xFFFF).to_bytes(2, "little") + text
