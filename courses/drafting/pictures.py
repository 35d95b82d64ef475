"""A picture somebody adds: decoded and written anew, so that only what one sees is kept.

No metadata (a phone notes where it was), no bytes behind the end, the name ours, and no larger than a page
shows. A drawing is text: it goes through the allow-list of drawings and stays as it is.
"""

import io
import posixpath
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from courses.authoring.svg import drawing_fault
from courses.drafting.naming import slug_of
from courses.errors import Invalid

LARGEST_UPLOAD = 12 * 1024 * 1024
MOST_PIXELS = 25_000_000
WIDEST = 1600
_QUALITY = 82
_WRITTEN = {
    "JPEG": ("JPEG", ".jpg"),
    "WEBP": ("WEBP", ".webp"),
    "PNG": ("PNG", ".png"),
    "GIF": ("PNG", ".png"),
}
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
)


class PictureRefused(Invalid):
    """It is no picture we take. `why`: large, pixels or kind."""

    def __init__(self, why: str) -> None:
        super().__init__(why, why=why)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: its path, and bytes that we wrote."""

    path: str
    content: bytes


def taken(name: str, content: bytes) -> Picture:
    """Return a picture as it is kept.

    Args:
        name: what it was called; only letters and digits of it stay.
        content: its bytes: PNG, JPEG, WebP, GIF (the first picture of it) or a plain SVG drawing.

    Raises:
        PictureRefused: it is too large, or no such picture.
    """
    if len(content) > LARGEST_UPLOAD:
        raise PictureRefused("large")
    stem = slug_of(posixpath.splitext(name.replace("\\", "/").rpartition("/")[2])[0]) or "gambar"
    if b"<svg" in content[:2000]:
        return _drawing(stem, content)
    data, ending = _anew(content)
    return Picture(f"media/{stem}{ending}", data)


def _drawing(stem: str, content: bytes) -> Picture:
    if drawing_fault(content) is not None:
        raise PictureRefused("kind")
    return Picture(f"media/{stem}.svg", content)


def _anew(content: bytes) -> tuple[bytes, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs: the count of pixels is ours
            with Image.open(io.BytesIO(content), formats=tuple(_WRITTEN)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureRefused("pixels")
                return _written(opened)
    except Image.DecompressionBombError:
        raise PictureRefused("pixels") from None
    except _BROKEN:
        raise PictureRefused("kind") from None


def _written(opened: Image.Image) -> tuple[bytes, str]:
    kind, ending = _WRITTEN[opened.format or ""]
    if kind == "JPEG":
        opened.draft("RGB", (WIDEST, WIDEST))  # decodes a large photograph at a fraction of its size
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((WIDEST, WIDEST * 4))
    picture = picture.convert(_mode(kind, picture))
    target = io.BytesIO()
    how = {"optimize": True} if kind == "PNG" else {"quality": _QUALITY}
    picture.save(target, kind, **how)
    return target.getvalue(), ending


def _mode(kind: str, picture: Image.Image) -> str:
    if kind == "JPEG":
        return "L" if picture.mode == "L" else "RGB"
    return "RGBA" if picture.has_transparency_data else "RGB"
