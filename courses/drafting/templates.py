"""What a new course begins with, and what a new file of it says: short, whole, ready to be written over."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from courses.authoring.findings import Findings
from courses.authoring.frontmatter import read_front
from courses.authoring.manuscript import opened

FOLDER = Path(__file__).with_name("template")
_TITLE = "title: Judul pelatihan\n"


def new_course(title: str) -> dict[str, bytes]:
    """The files of a new course: one module of two lessons, and a quiz."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*.md"))}
    about = files["course.md"].decode()
    files["course.md"] = about.replace(_TITLE, f"title: {_quoted(title)}\n").encode()
    return files


def title_of(course_file: bytes) -> str:
    """The title that a course.md gives; empty where it can't be read."""
    found = Findings()
    page = opened("course.md", course_file, found)
    front = read_front(page, found) if page else None
    title = front.values.get("title") if front else None
    return " ".join(title.split())[:300] if isinstance(title, str) else ""


def new_file(kind: str, title: str) -> bytes:
    """The text of a new lesson, quiz, bank or module.

    Raises:
        KeyError: there is no such kind.
    """
    return _NEW[kind](_quoted(title)).encode()


def _quoted(title: str) -> str:
    """A title as YAML reads it back, whatever signs are in it: JSON's quotes are YAML's too."""
    return json.dumps(" ".join(title.split()), ensure_ascii=False)


_QUESTION = """
## Tuliskan pertanyaannya di sini {#pertanyaan-1}

- (x) Jawaban yang benar
  > Mengapa ini benar.
- ( ) Jawaban lain
  > Mengapa ini keliru.

> [!EXPLANATION]
> Penjelasan yang dibaca setelah menjawab.
"""
_NEW: Mapping[str, Callable[[str], str]] = {
    "lesson": lambda title: f"---\ntitle: {title}\n---\n\nTuliskan isi pelajaran di sini.\n",
    "quiz": lambda title: f"---\ntitle: {title}\n---\n{_QUESTION}",
    "bank": lambda title: f"---\ntitle: {title}\n---\n{_QUESTION}",
    "module": lambda title: f"---\ntitle: {title}\n---\n\nPengantar modul ini.\n",
}
KINDS = tuple(_NEW)
