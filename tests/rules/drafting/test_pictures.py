"""Pictures are decoded and written anew: what one sees is kept, and nothing else."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from courses.authoring.findings import Findings
from courses.authoring.media import read_media
from courses.drafting import pictures
from courses.drafting.pictures import PictureRefused, taken
from tests.corpora import corpus

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>'


def picture(kind: str = "PNG", size=(40, 30), mode="RGB", **how) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, (200, 40, 90, 128)[: len(mode)] if mode != "P" else 3).save(target, kind, **how)
    return target.getvalue()


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def why(content: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        taken("x.png", content)
    return refused.value.facts["why"]


@pytest.mark.parametrize(
    ("kind", "mode", "ending"),
    [
        ("PNG", "RGB", ".png"),
        ("PNG", "RGBA", ".png"),
        ("PNG", "P", ".png"),
        ("PNG", "L", ".png"),
        ("JPEG", "RGB", ".jpg"),
        ("JPEG", "L", ".jpg"),
        ("JPEG", "CMYK", ".jpg"),
        ("WEBP", "RGBA", ".webp"),
        ("GIF", "P", ".png"),
    ],
)
def test_a_picture_is_written_anew(kind, mode, ending):
    kept = taken("Rak Arsip.JPEG", picture(kind, mode=mode))
    assert kept.path == f"media/rak-arsip{ending}"
    assert seen(kept.content).size == (40, 30)
    assert read_media([kept.path], {kept.path: kept.content}, found := Findings())
    assert found.problems == ()


def test_nothing_that_one_does_not_see_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "di rumah Baiq"
    exif[0x0112] = 6  # turned by 90 degrees
    content = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    kept = taken("x.jpg", content).content
    assert b"Baiq" not in kept
    assert b"script" not in kept
    assert seen(kept).size == (30, 40)
    assert not seen(kept).getexif()


def test_a_large_picture_becomes_as_wide_as_a_page_shows():
    assert seen(taken("x.png", picture(size=(3200, 200))).content).size == (1600, 100)
    assert seen(taken("x.jpg", picture("JPEG", size=(4000, 3000))).content).width <= 1600


def test_limits(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    assert why(picture()) == "pixels"
    monkeypatch.setattr(pictures, "LARGEST_UPLOAD", 10)
    assert why(picture()) == "large"


def test_a_bomb_is_refused_by_its_head():
    head = picture(size=(1, 1))
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    assert why(bomb) in {"pixels", "kind"}


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"%PDF-1.7", picture("BMP"), picture("TIFF"), picture()[:60]]
)
def test_what_is_no_picture_of_ours_is_refused(content):
    assert why(content) == "kind"


def test_a_plain_drawing_stays_as_it_is():
    assert taken("Bagan.svg", SVG).content == SVG
    assert taken("Bagan.svg", SVG).path == "media/bagan.svg"


def test_drawings_that_act_and_polyglots_are_refused():
    refused = 0
    for text in corpus("svg_and_polyglot_uploads") + corpus("xml_xxe"):
        content = text.encode("latin-1", "replace")
        try:
            kept = taken("x.svg", content)
        except PictureRefused:
            refused += 1
            continue
        assert kept.path.endswith(".svg")
        assert read_media([kept.path], {kept.path: kept.content}, found := Findings())
        assert found.problems == ()
    assert refused > 30


def test_a_name_is_ours():
    content = picture()
    for name in corpus("upload_filenames") + corpus("path_traversal")[::15]:
        kept = taken(name, content)
        assert re.fullmatch(r"media/[a-z0-9]+(-[a-z0-9]+)*\.png", kept.path), name
        assert len(kept.path) <= 70, name


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_no_fault(content):
    with pytest.raises(PictureRefused):
        taken("x", b"\x89PNG\r\n\x1a\n" + content)
