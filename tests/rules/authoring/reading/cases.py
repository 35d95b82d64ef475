"""One small broken course for every code, where its problem stands, and the same course mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.authoring.admission import LARGEST_TEXT, MOST_FILES, MOST_TEXT
from courses.authoring.frontmatter import LONGEST
from tests.rules.authoring.reading.made import COURSE, LESSON, QUESTION, SVG, lesson_text, png, quiz_text

Files = dict[str, str | bytes | None]


@dataclass(frozen=True)
class Case:
    """`broken` says `code` at `place`; `mended` doesn't say it anywhere."""

    code: str
    place: str
    broken: Files
    mended: Files

    def __str__(self) -> str:
        return f"{self.code} at {self.place}"


def case(code: str, place: str, broken: Files, mended: Files | None = None) -> Case:
    return Case(code, place, broken, mended or {})


def in_lesson(code: str, place: str, broken: str, mended: str) -> Case:
    """A problem in the body of a lesson, which begins in line 5."""
    return Case(
        code, f"01-asal.md:{place}", {"01-asal.md": lesson_text(broken)}, {"01-asal.md": lesson_text(mended)}
    )


def lesson_key(code: str, place: str, broken: str, mended: str = "minutes: 40") -> Case:
    """A problem in line 3 of a lesson."""
    files: list[Files] = [{"01-asal.md": lesson_text(keys=f"{keys}\n")} for keys in (broken, mended)]
    return Case(code, f"01-asal.md:{place}", *files)


def in_quiz(code: str, place: str, broken: str, mended: str) -> Case:
    """A problem in the body of a quiz, which begins in line 4."""
    files: list[Files] = [{"02-cek.quiz.md": quiz_text(body)} for body in (broken, mended)]
    return Case(code, f"02-cek.quiz.md:{place}", *files)


def asked(code: str, place: str, broken: str, mended: str = "- (x) a\n- ( ) b\n  > Bukan.\n") -> Case:
    """A problem below the heading of a question in line 4 of a quiz."""
    return in_quiz(code, place, f"## Siapa? {{#siapa}}\n{broken}", f"## Siapa? {{#siapa}}\n{mended}")


def quiz_key(code: str, place: str, broken: str, mended: str = "") -> Case:
    """A problem in the keys of a quiz, from line 3, in a course with a bank of one question."""
    bank = {"bank/dua.quiz.md": quiz_text("## Berapa? {#berapa}\n= 2\n  > Dua.\n")}
    files: list[Files] = [{"02-cek.quiz.md": quiz_text(keys=keys), **bank} for keys in (broken, mended)]
    return Case(code, f"02-cek.quiz.md:{place}", *files)


def course_key(code: str, place: str, broken: str, mended: str) -> Case:
    """A problem in line 5 of course.md, or in the whole if the key is one that must be there."""
    return Case(code, f"course.md:{place}", _course(broken), _course(mended))


def _course(key: str) -> Files:
    name = key.partition(":")[0]
    lines = [line for line in COURSE.splitlines() if not line.startswith(f"{name}:")]
    return {"course.md": "\n".join([*lines[:4], key, *lines[4:]]) + "\n"}


def _folder() -> Iterator[Case]:
    many: Files = {f"media/{number}.png": b"" for number in range(MOST_FILES)}
    heavy: Files = {f"media/{number}.mp4": b"\0" * 17_000_000 for number in range(4)}
    yield case("too-many-files", "course.md:1:1", many)
    yield case("course-too-large", "course.md:1:1", heavy)
    yield case("file-too-large", "02-b.md:1:1", {"02-b.md": b"a" * (LARGEST_TEXT + 1)}, {"02-b.md": LESSON})
    yield case("too-much-text", "course.md:1:1", {f"0{n}-b.md": b"a" * (MOST_TEXT // 4) for n in range(2, 7)})
    yield case("bad-name", "media/a:b.png:1:1", {"media/a:b.png": png()}, {"media/a b.png": png()})
    yield case("bad-name", "../x.md:1:1", {"../x.md": LESSON})
    yield case("bad-name", "02-b\ufffd.md:1:1", {"02-b\n.md": LESSON})
    yield case("bad-name", "media/con.png:1:1", {"media/con.png": png()}, {"media/cone.png": png()})
    yield case(
        "name-clash", "media/a.png:1:1", {"media/A.png": png(), "media/a.png": png()}, {"media/A.png": png()}
    )
    yield case("course-file-missing", "course.md:1:1", {"course.md": None})
    yield case("course-empty", "course.md:1:1", {"01-asal.md": None})
    yield case("not-utf8", "01-asal.md:6:4", {"01-asal.md": b"---\ntitle: A\n---\n\n\nArs\xffip\n"})
    yield in_lesson("control-character", "5:2", "A\0\n", "A\tb\n")
    yield in_lesson("text-too-long", "5:1", "kata " * 50_000, "kata " * 30_000)
    yield case(
        "ignored",
        "b.md:1:1",
        {"b.md": LESSON},
        {"README.md": "Baca ini.", "LICENSE": "CC0", "02-b.md": LESSON},
    )
    yield case("ignored", "02-b/gambar.png:1:1", {"02-b/01-b.md": LESSON, "02-b/gambar.png": png()})
    yield case("same-number", "01-b.md:1:1", {"01-b.md": LESSON}, {"02-b.md": LESSON})
    yield case(
        "module-empty",
        "02-b/module.md:1:1",
        {"02-b/module.md": "---\ntitle: B\n---\n"},
        {"02-b/01-c.md": LESSON},
    )


def _keys() -> Iterator[Case]:
    yield case("front-matter-missing", "01-asal.md:1:1", {"01-asal.md": "# Asal-usul\n"})
    yield case("front-matter-unclosed", "01-asal.md:1:1", {"01-asal.md": "---\ntitle: Asal-usul\n"})
    yield lesson_key("front-matter-too-large", "1:1", f"# {'a' * LONGEST}")
    yield lesson_key("yaml", "3:14", "objectives: a: b", "objectives: ['a: b']")
    yield lesson_key("yaml", "3:13", "objectives: [a\nminutes: 40", "objectives: [a]\nminutes: 40")
    yield lesson_key("yaml", "3:6", 'id:  "asal\nminutes: 40')
    yield lesson_key("yaml", "3:1", "minutes 40\nid: asal")
    yield lesson_key("yaml-feature", "3:5", "id: &a asal", "id: 'a'")
    yield lesson_key("yaml-feature", "3:5", "id: *a")
    yield lesson_key("yaml-feature", "3:5", "id: !!str asal")
    yield lesson_key("yaml-feature", "3:1", "<<: {id: asal}")
    yield lesson_key("yaml-too-deep", "3:16", "objectives: [[[[a]]]]", "objectives: [a]")
    yield lesson_key("yaml-stray-quote", "3:5", 'id: asal"')
    yield case("yaml-not-mapping", "01-asal.md:2:1", {"01-asal.md": "---\n- title\n---\n"})
    yield lesson_key("key-twice", "4:1", "minutes: 4\nminutes: 5")
    yield lesson_key("unknown-key", "3:1", "minute: 4")
    yield case("missing-key", "01-asal.md:1:1", {"01-asal.md": "---\nid: asal\n---\n"})
    yield case("missing-key", "01-asal.md:2:1", {"01-asal.md": "---\ntitle:\n---\n"})
    yield course_key(
        "missing-key", "5:1", "certificate: {valid: 2y}", "certificate: {kind: lulus, valid: 2y}"
    )
    yield lesson_key("bad-text", "3:14", "objectives: ['']", "objectives: [a]")
    yield lesson_key("bad-list", "3:13", "objectives: a", "objectives: [a]")
    yield course_key("bad-group", "5:14", "certificate: lulus", "certificate: {kind: lulus}")
    yield quiz_key("bad-switch", "3:9", "graded: yes\n", "graded: true\n")
    yield lesson_key("bad-number", "3:10", "minutes: 1e3", "minutes: 100")
    yield course_key("bad-number", "5:8", "hours: 1,5", "hours: 1.5")
    yield course_key("bad-number", "5:8", "pass:  70%", "pass:  70")
    yield lesson_key("out-of-range", "3:10", "minutes: 0", "minutes: 1")
    yield course_key("out-of-range", "5:9", "level:  6", "level:  5")
    yield course_key("out-of-range", "5:8", "hours: 0", "hours: 0.5")
    yield course_key("bad-word", "5:9", "order:  any", "order:  free")
    yield lesson_key("bad-word", "3:9", "change: big", "change: material")
    yield course_key("bad-language", "5:8", "lang:  indonesia", "lang:  en")
    yield lesson_key("bad-duration", "3:10", "minimum: 3", "minimum: 3m")
    yield course_key(
        "bad-duration",
        "5:35",
        "certificate: {kind: lulus, valid: 2}",
        "certificate: {kind: lulus, valid: 2y}",
    )
    yield lesson_key("bad-release", "3:10", "release: 2026-02-30", "release: 2026-02-28")
    yield lesson_key("bad-release", "3:10", "release: 12/01/2026", "release: 7d after enrolment")
    yield lesson_key("bad-completion", "3:11", "complete: seen", "complete: read")
    yield lesson_key("bad-id", "3:5", "id: Asal_Usul", "id: asal-usul")
    yield case(
        "bad-id",
        "02-Asal_2.md:1:1",
        {"02-Asal_2.md": LESSON},
        {"02-Asal_2.md": lesson_text(keys="id: asal-2\n")},
    )
    yield lesson_key("repeated-value", "3:17", "objectives: [a, a]", "objectives: [a, b]")


def _references() -> Iterator[Case]:
    two: Files = {"02-b.md": lesson_text(keys="id: asal\n")}
    yield case("id-twice", "02-b.md:3:5", two, {"02-b.md": lesson_text(keys="id: usul\n")})
    yield case("id-twice", "02-b/01-asal.md:1:1", {"02-b/01-asal.md": LESSON}, {"02-asal/01-b.md": LESSON})
    yield in_quiz("question-id-missing", "4:1", "## Siapa?\n= a\n", "## Siapa? {#siapa}\n= a\n")
    yield in_quiz("question-id-missing", "4:1", "## A \\{#a}\n= a\n", "## A \\{#b} {#a}\n= a\n")
    yield in_quiz(
        "question-id-twice", "6:1", "## A? {#a}\n= a\n## B? {#a}\n= b\n", "## A? {#a}\n= a\n## B? {#b}\n= b\n"
    )
    quizzed: list[Files] = [
        {"01-asal.md": lesson_text(keys=f"complete: quiz:{quiz}\n"), "02-cek.quiz.md": quiz_text()}
        for quiz in ("asal", "cek")
    ]
    yield Case("unknown-quiz", "01-asal.md:3:11", *quizzed)
    yield quiz_key("unknown-bank", "3:8", "from: [bank/tiga]\n", "from: [bank/dua]\n")
    yield course_key("requires-itself", "5:12", "requires: [kearsipan]", "requires: [pengantar]")
    yield in_lesson("link-empty", "5:6", "Lihat[ini]()\n", "Lihat [ini](01-asal.md)\n")
    yield in_lesson("link-target", "6:3", "Lihat\n  [ini](02-b.md)\n", "Lihat\n  [ini](./01-asal.md#akar)\n")
    yield in_lesson("link-target", "5:5", "> - [ini](bank/dua.quiz.md)\n", "> - [ini](course.md)\n")
    yield in_lesson("link-target", "5:1", "[ini]\n\n[ini]: /01-asal.md\n", "[ini]\n\n[ini]: 01-asal.md\n")
    yield in_lesson("link-scheme", "5:3", "a [ini](javascript:alert)\n", "a [ini](https://bkn.go.id)\n")
    yield in_lesson("link-scheme", "5:1", "![ini](data:image/png,a)\n", "[ini](mailto:a@b.id)\n")
    yield in_lesson("media-missing", "5:1", "![ini](media/a.png)\n", "`![ini](media/a.png)`\n")
    beside: Files = {"gambar.png": png(), "01-asal.md": lesson_text("![ini](gambar.png)\n")}
    inside: Files = {"media/gambar.png": png(), "01-asal.md": lesson_text("![ini](media/gambar.png)\n")}
    yield case("media-place", "01-asal.md:5:1", beside, inside)
    yield case(
        "alt-missing",
        "01-asal.md:5:1",
        {**inside, "01-asal.md": lesson_text("![ ](media/gambar.png)\n")},
        inside,
    )
    yield in_lesson(
        "media-foreign", "5:1", "![ini](https://bkn.go.id/a.png)\n", "[ini](https://bkn.go.id/a.png)\n"
    )
    pdf: list[Files] = [
        {"media/a.pdf": b"%PDF-1.7", "01-asal.md": lesson_text(f"{sign}[ini](media/a.pdf)\n")}
        for sign in ("!", "")
    ]
    yield Case("media-kind", "01-asal.md:5:1", *pdf)
    yield case("media-type", "media/a.exe:1:1", {"media/a.exe": b"MZ"}, {"media/a.png": png()})
    yield case(
        "media-content", "media/a.jpg:1:1", {"media/a.jpg": png()}, {"media/a.jpg": b"\xff\xd8\xff\xe0"}
    )
    yield case("media-content", "media/a.svg:1:1", {"media/a.svg": "<html/>"}, {"media/a.svg": SVG})
    yield case(
        "media-svg",
        "media/a.svg:2:1",
        {"media/a.svg": SVG.replace("<rect", "\n<script/><rect")},
        {"media/a.svg": SVG},
    )
    yield case("media-svg", "media/a.svg:1:1", {"media/a.svg": SVG.replace("<rect", '<rect onload="a"')})
    film: Files = {"media/a.mp4": b"\0\0\0\x18ftypmp42", "01-asal.md": lesson_text("![ini](media/a.mp4)\n")}
    yield case("captions-missing", "01-asal.md:5:1", film, {**film, "media/a.id.vtt": "WEBVTT\n"})
    bank: Files = {"bank/dua.quiz.md": quiz_text(), "02-cek.quiz.md": quiz_text()}
    yield case(
        "bank-unused",
        "bank/dua.quiz.md:1:1",
        bank,
        {**bank, "02-cek.quiz.md": quiz_text(keys="from: [bank/dua]\n")},
    )
    graded: list[Files] = [
        {**_course("certificate: {kind: lulus}"), "02-cek.quiz.md": quiz_text(keys=keys)}
        for keys in ("", "graded: true\n")
    ]
    yield Case("nothing-graded", "course.md:1:1", *graded)
    yield course_key("hours-far", "5:8", "hours: 3", "hours: 1.2")


def _structure() -> Iterator[Case]:
    yield in_lesson("nesting-too-deep", "5:1", "> " * 40 + "a\n", "> " * 10 + "a\n")
    yield in_lesson("text-tangled", "5:1", "[a](" * 1000, "`" + "[a](" * 100 + "`")
    yield in_lesson("text-tangled", "5:1", "|" * 600, "|" * 100)
    yield in_lesson("fence-unclosed", "7:1", "a\n\n```python\nb\n", "a\n\n```python\nb\n```\n")
    yield in_lesson("fence-unclosed", "5:3", "> ~~~\n> b\n\nc\n", "> ~~~\n> b\n> ~~~\n\nc\n")
    yield in_lesson("fence-unclosed", "5:1", "```a\nb\n\n```c\nd\n```\n", "````a\nb\n\n```c\nd\n````\n")
    yield in_lesson("callout-unknown", "5:3", "> [!NOTES]\n> a\n", "> [!NOTE]-\n> a\n")
    yield in_lesson("raw-html", "5:3", "a <font>b</font>\n", "a <kbd>b</kbd> <!-- c -->\n")
    yield in_lesson("raw-html", "5:1", '<div onclick="a">\nb\n</div>\n', "<div>\nb\n</div>\n")
    yield in_lesson("dialect", "6:1", "a\n- b\n- c\n", "a\n\n- b\n- c\n")
    yield in_lesson("dialect", "6:3", "- b\n  - c\n", "- b\n    - c\n")
    yield in_lesson("dialect", "7:6", "> 1. b\n>\n>    c\n", "> 1. b\n>\n>     c\n")
    yield in_lesson("dialect", "5:1", "1) b\n2) c\n", "1. b\n2. c\n")
    yield in_lesson("dialect", "6:1", "a\n| b |\n|---|\n| c |\n", "a\n\n| b |\n|---|\n| c |\n")
    yield in_lesson(
        "long-sentence", "5:9", f"Pendek. {'kata ' * 30}panjang.\n", f"Pendek. {'kata ' * 29}panjang.\n"
    )
    yield in_lesson("lesson-heavy", "5:1", "kata " * 12_100, "kata " * 10_000)


def _quizzes() -> Iterator[Case]:
    yield in_quiz("setext-heading", "4:1", f"Pengantar\n---\n\n{QUESTION}", f"Pengantar\n\n---\n\n{QUESTION}")
    yield in_quiz("quiz-empty", "1:1", "Pengantar.\n", QUESTION)
    yield quiz_key(
        "offline-with-time", "5:1", "graded: true\ntime: 15m\noffline: 24h\n", "graded: true\noffline: 24h\n"
    )
    yield quiz_key("offline-ungraded", "3:1", "offline: 24h\n", "offline: 24h\ngraded: true\n")
    yield quiz_key("draw-without-banks", "3:1", "draw: 1\n", "draw: 1\nfrom: [bank/dua]\n")
    yield quiz_key("draw-too-large", "4:7", "from: [bank/dua]\ndraw: 2\n", "from: [bank/dua]\ndraw: 1\n")
    yield quiz_key("no-effect", "3:1", "attempts: 3\n", "attempts: 3\ngraded: true\n")
    yield in_quiz("bad-attribute", "4:15", "## Siapa? {#a b}\n= a\n", "## Siapa? {#a}\n= a\n")
    yield in_quiz(
        "unknown-attribute", "4:15", "## Siapa? {#a point=2}\n= a\n", "## Siapa? {#a points=2}\n= a\n"
    )
    yield in_quiz("attribute-twice", "4:15", "## Siapa? {#a #b}\n= a\n", "## Siapa? {#a}\n= a\n")
    yield in_quiz("bad-id", "4:12", "## Siapa? {#A}\n= a\n", "## Siapa? {#a}\n= a\n")
    yield in_quiz(
        "bad-number", "4:15", "## Siapa? {#a points=dua}\n= a\n", "## Siapa? {#a points=0.5}\n= a\n"
    )
    yield in_quiz("out-of-range", "4:15", "## Siapa? {#a points=0}\n= a\n", "## Siapa? {#a points=1}\n= a\n")
    yield in_quiz("bad-word", "4:15", "## Siapa? {#a type=pick}\n= a\n", "## Siapa? {#a}\n= a\n")
    yield in_quiz(
        "question-level", "7:1", "## A? {#a}\n= a\n\n### B? {#b}\n= b\n", f"### Bagian\n\n{QUESTION}"
    )
    yield in_quiz("question-empty", "4:1", "## {#a}\n= a\n", "## A {#a}\n= a\n")
    yield in_quiz(
        "answers-outside", "4:1", f"- [x] a\n\n{QUESTION}", f"- a\n\n```\n- [x] a\n```\n\n{QUESTION}"
    )


def _answers() -> Iterator[Case]:
    yield asked("no-answers", "4:1", "Teks saja.\n")
    yield asked("no-answers", "4:1", "- a\n- b\n")
    yield asked("two-answers", "8:1", "- (x) a\n- ( ) b\n\n= a\n", "- a -> b\n\n= a\n")
    yield asked("two-answers", "5:5", "Isi [[a]] ini.\n\n= a\n", "Isi \\[[a]] ini.\n\n= a\n")
    yield asked("answer-lost", "7:1", "- a\n- b\n= 2\n\n= 3\n", "- a\n- b\n\n= 2\n= 3\n")
    yield asked("answer-lost", "7:1", "= 2\n> [!HINT]\n= 3\n", "= 2\n= 3\n> [!HINT]\n> a\n")
    yield asked("answer-lost", "8:1", "= 2\n\n\n    - (x) a\n", "    a\n\n= 2\n")
    yield asked("text-after-answers", "8:1", "- (x) a\n- ( ) b\n\nTeks.\n", "Teks.\n\n- (x) a\n- ( ) b\n")
    yield asked("text-after-answers", "6:1", "= a\nteks\n", "teks\n= a\n")
    yield asked("mixed-markers", "6:1", "- (x) a\n- [ ] b\n")
    yield asked("mixed-markers", "6:1", "- (x) a\n- b\n")
    yield asked("bad-marker", "6:1", "- (x) a\n- () b\n")
    yield asked("bad-marker", "5:1", "- [x50] a\n- [] b\n", "- [x50%] a\n- [x] b\n")
    yield asked("choice-empty", "6:1", "- (x) a\n- ( )\n")
    yield asked("choice-nested", "6:5", "- (x) a\n    - ( ) b\n- ( ) c\n")
    yield asked("one-choice", "4:1", "- (x) a\n", "- [x] a\n")
    yield asked("no-right-answer", "4:1", "- ( ) a\n- ( ) b\n")
    yield asked("no-right-answer", "4:1", "- [ ] a\n- [ ] b\n", "- [ ] a\n- [X] b\n")
    yield asked("two-right-answers", "7:1", "- (x) a\n- ( ) b\n- (x) c\n")
    yield asked("weight-range", "6:1", "- [x] a\n- [ -150%] b\n", "- [x] a\n- [ -50%] b\n")
    yield asked("weight-range", "6:1", "= a\n= b {101%}\n", "= a\n= b {100%}\n")
    yield asked("weight-sign", "6:1", "- [x] a\n- [ 50%] b\n", "- [x] a\n- [ -50%] b\n")
    yield asked("weight-spent", "6:1", "- [x 100%] a\n- [x] b\n", "- [x 99%] a\n- [x] b\n")
    yield asked(
        "weights-short", "4:1", "- [x 50%] a\n- [x 40%] b\n", "- [x 50%] a\n- [x 50%] b\n- [x 50%] c\n"
    )
    yield asked("weights-short", "4:1", "= a {50%}\n", "= a {50%}\n= b\n")
    yield asked("feedback-place", "6:1", "- (x) a\n> Betul.\n- ( ) b\n", "- (x) a\n  > Betul.\n- ( ) b\n")
    yield asked(
        "feedback-place",
        "8:3",
        "- (x) a\n  > Betul.\n\n  > Sekali.\n- ( ) b\n",
        "- (x) a\n  > Betul.\n  >\n  > Sekali.\n- ( ) b\n",
    )
    yield asked("feedback-place", "6:1", "= a\n> Betul.\n", "= a\n  > Betul.\n= b\n")
    yield asked(
        "callout-place", "6:3", "- (x) a\n  > [!HINT]\n  > b\n- ( ) b\n", "- (x) a\n- ( ) b\n> [!HINT]\n> b\n"
    )
    yield asked(
        "callout-place", "5:1", "- > [!EXPLANATION]\n  > b\n\n= a\n", "> [!EXPLANATION]\n> b\n\n= a\n"
    )
    yield asked("callout-place", "6:1", "= a\n> [!RUBRIC]\n> b\n", "= a\n")
    yield asked(
        "callout-twice",
        "10:1",
        "= a\n> [!HINT]\n> b\n\n> [!HINT]\n> c\n".replace("= a\n", "= a\n\n"),
        "= a\n> [!HINT]\n> b\n",
    )
    yield asked("answer-empty", "6:1", "= a\n= {50%}\n", "= a\n= b {50%}\n")
    yield asked("answer-empty", "6:1", "= a\n=\n", "= a\n= b\n")
    yield asked("answer-space", "6:1", "teks\n=7\n\n= 7\n", "teks\n\\=7\n\n= 7\n")
    yield asked("range-backwards", "6:1", "= 7\n= 8..6\n", "= 7\n= 6..8\n")
    yield asked("number-as-text", "5:1", "= 1,5\n", "= 1.5\n")
    yield asked("number-with-point", "5:1", "= 1.234\n", "= 1234\n")
    yield asked("no-feedback", "4:1", "= a\n", "= a\n  > Betul.\n")
    yield asked(
        "choices-alike",
        "6:7",
        "- (x) Arsip  statis\n- ( ) arsip statis\n",
        "- (x) Arsip statis\n- ( ) arsip aktif\n",
    )


def _unsupported() -> Iterator[Case]:
    longest, shortest, equal = (
        "".join(f"## Q {{#q{n}}}\n- (x) {right}\n- ( ) bb\n" for n in range(3))
        for right in ("panjang", "b", "cc")
    )
    yield in_quiz("longest-right", "4:1", longest, shortest)
    yield in_quiz("longest-right", "4:1", longest, equal)
    yield asked("unsupported", "5:1", "- Register -> Arsip\n- -> Katering\n", "- Register -> Arsip\n\n= a\n")
    yield asked("unsupported", "5:1", "____\n", "___\n\n= a\n")
    yield asked("unsupported", "5:5", "Isi [[a|b]] ini.\n", "Isi `[[a|b]]` ini.\n\n= a\n")
    yield in_quiz("unsupported", "4:1", "## Urutkan {#a type=order}\n1. a\n2. b\n", "## Urutkan {#a}\n= a\n")
    yield case(
        "unsupported", "02-b.survey.md:1:1", {"02-b.survey.md": quiz_text()}, {"02-b.quiz.md": quiz_text()}
    )


CASES = [*_folder(), *_keys(), *_references(), *_structure(), *_quizzes(), *_answers(), *_unsupported()]
