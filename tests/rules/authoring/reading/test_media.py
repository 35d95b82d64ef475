"""Media are what they seem; a drawing holds nothing that acts or fetches."""

import time

import pytest

from courses.authoring.media import TYPES
from courses.authoring.svg import drawing_fault
from tests.corpora import corpus
from tests.rules.authoring.reading.made import SVG, png, read, said

SOUND = {
    ".png": png(),
    ".jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    ".jpeg": b"\xff\xd8\xff\xe1",
    ".webp": b"RIFF\0\0\0\0WEBPVP8 ",
    ".gif": b"GIF89a\1\0",
    ".svg": SVG.encode(),
    ".mp4": b"\0\0\0\x18ftypmp42",
    ".vtt": b"\xef\xbb\xbfWEBVTT\n",
    ".pdf": b"%PDF-1.7\n",
}


def svg(inside: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>\n{inside}\n</svg>'.encode()


def test_every_type_is_taken_when_it_is_what_its_name_says():
    assert SOUND.keys() == TYPES.keys()
    parsed = read({f"media/a{number}{suffix}": data for number, (suffix, data) in enumerate(SOUND.items())})
    assert parsed.course
    assert [media.type for media in parsed.course.media] == list(TYPES.values())


@pytest.mark.parametrize("suffix", SOUND)
@pytest.mark.parametrize("data", [b"", b"<html><script>", b"\0" * 32, b"\x89PNG\r\n\x1a\n<script>"])
def test_no_type_is_taken_for_another_content(suffix, data):
    assert said({f"media/a{suffix}": data}) == [f"media/a{suffix}:1:1 media-content"]


@pytest.mark.parametrize(
    "inside",
    [
        '<g fill="#fff" style="fill: red; stroke-width: 2px"><path d="M0 0h1"/></g>',
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><rect fill="url(#a)"/>',
        '<defs><circle id="b" r="1"/></defs><use href="#b" x="1"/>',
        "<!-- dibuat sendiri --><title>Judul</title><text x='1'>a <tspan>b</tspan></text>",
    ],
)
def test_a_drawing_of_shapes_and_text_is_taken(inside):
    assert drawing_fault(svg(inside)) is None


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script/>", "<script>"),
        ("<style>@import 'x'</style>", "<style>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<image href='a.png'/>", "<image>"),
        ("<a href='#b'/>", "<a>"),
        ("<animate/>", "<animate>"),
        ("<set/>", "<set>"),
        ("<feImage/>", "<feImage>"),
        ("<metadata/>", "<metadata>"),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", "<script>"),
        ("<rect onload='a'/>", "onload="),
        ("<rect h:onload='a' xmlns:h='http://a.id'/>", "onload="),
        ("<use href='https://a.id/#b'/>", 'href="https://a.id/#b"'),
        ("<use href='data:image/svg+xml,a'/>", 'href="data:image/svg+xml,a"'),
        ("<use xlink:href='b.svg#b' xmlns:xlink='http://www.w3.org/1999/xlink'/>", 'href="b.svg#b"'),
        ("<rect fill='url(https://a.id/b)'/>", 'fill="url(https://a.id/b)"'),
        ("<rect style='background: url(//a.id)'/>", 'style="background: url(//a.id)"'),
        ("<rect style='fill: \\75rl(a)'/>", 'style="fill: \\75rl(a)"'),
        ("<rect style='a: image-set(x)'/>", 'style="a: image-set(x)"'),
        ("<?php a ?>", "<?"),
        ("<g id='a'><use href='#b'/></g><g id='b'/><use href='#a'/>", "<use> -> <use>"),
    ],
)
def test_what_acts_or_fetches_is_named_with_its_line(inside, what):
    fault = drawing_fault(svg(f"<g/>\n{inside}"))
    assert fault
    assert (fault.what, fault.line) == (what, 3)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!doctype svg [<!ENTITY a "b">]>',
        '<?xml-stylesheet href="a.xsl"?>',
    ],
)
def test_a_document_type_or_style_sheet_is_refused_before_parsing(head):
    assert drawing_fault(f'<?xml version="1.0"?>\n{head}\n'.encode() + svg("")) is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7"])
def test_another_encoding_hides_nothing(encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
    )
    assert drawing_fault(text.encode(encoding)) is not None


@pytest.mark.parametrize("name", ["svg_and_polyglot_uploads", "xml_xxe"])
def test_no_hostile_file_passes_as_a_drawing(name):
    for text in corpus(name):
        start = time.process_time()
        assert drawing_fault(text.encode("utf-8", "surrogatepass")), text
        assert time.process_time() - start < 1
