"""Small courses for tests: the least that is sound, with some files changed."""

import struct
import zlib

from courses.authoring import Parsed, Source, parse
from courses.authoring.course import Lesson, Question, Quiz

COURSE = """\
---
title: Kearsipan dasar
hours: 1
kind: teknis
certificate: {kind: keikutsertaan}
---

Tentang arsip.
"""
LESSON = """\
---
title: Asal-usul
minutes: 40
---

Arsip dicatat.
"""
QUESTION = """\
## Siapa yang menyimpan? {#siapa}

- ( ) Kepala bidang
- (x) Unit kearsipan
  > Betul.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'


def png() -> bytes:
    """A picture of one white pixel."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def source(files: dict[str, str | bytes | None] | None = None, slug: str = "kearsipan") -> Source:
    """The least course with files added, replaced or (None) taken away."""
    all_files: dict[str, str | bytes | None] = {"course.md": COURSE, "01-asal.md": LESSON, **(files or {})}
    return Source(
        slug,
        {
            path: text if isinstance(text, bytes) else text.encode()
            for path, text in all_files.items()
            if text is not None
        },
    )


def read(files: dict[str, str | bytes | None] | None = None, slug: str = "kearsipan") -> Parsed:
    """Parse the least course with files changed."""
    return parse(source(files, slug))


def said(files: dict[str, str | bytes | None] | None = None, slug: str = "kearsipan") -> list[str]:
    """What is found in it, each as `path:line:column code`."""
    return [
        f"{problem.place.path}:{problem.place.line}:{problem.place.column} {problem.code}"
        for problem in read(files, slug).problems
    ]


def quiz_text(body: str = QUESTION, keys: str = "") -> str:
    """A quiz file whose body begins in line 4 plus the lines of further keys."""
    return f"---\ntitle: Cek\n{keys}---\n{body}"


def lesson_text(body: str = "Arsip dicatat.\n", keys: str = "minutes: 40\n") -> str:
    """A lesson file whose body begins in line 5."""
    return f"---\ntitle: Asal-usul\n{keys}---\n{body}"


def quiz(body: str, keys: str = "") -> Quiz:
    """The quiz that a text makes; its problems fail the test."""
    parsed = read({"02-cek.quiz.md": quiz_text(body, keys)})
    assert parsed.course, [str(problem) for problem in parsed.problems]
    found = parsed.course.steps[-1]
    assert isinstance(found, Quiz)
    return found


def question(body: str) -> Question:
    """The first question of a text."""
    return quiz(body).questions[0]


def lesson(text: str) -> Lesson:
    """The lesson that a text makes."""
    parsed = read({"01-asal.md": text})
    assert parsed.course, [str(problem) for problem in parsed.problems]
    found = parsed.course.steps[0]
    assert isinstance(found, Lesson)
    return found
