"""Texts for the tests of rendering: hostile ones of our own, outside corpora, courses made of them."""

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path

from courses.authoring import render
from courses.authoring.course import (
    CertificateKind,
    CertificateRule,
    Choice,
    Course,
    Kind,
    Lesson,
    Media,
    Module,
    Place,
    Prose,
    Question,
    Quiz,
    SingleChoice,
)
from courses.authoring.source import Source
from tests.corpora import corpus

FULL = os.environ.get("BINA_DOSE") == "full"

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://evil.example/x.png)",
    "![x](//evil.example/x.png)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<p style=position:fixed>x</p>",
    "<form action=/logout method=post><input name=a><button>x</button></form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a id=user-content-x name=csrf_token class='btn k' data-x=1 target=_blank onclick=x()>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=https://evil.example><link rel=stylesheet href=//evil.example><meta http-equiv=refresh>",
    "```python onload=x {.k onclick=y}\nx\n```",
    '``` {id="x" onclick="alert(1)" data-y=z}\nx\n```',
    '# x {onclick="alert(1)"}',
    '*[x]: "><script>alert(1)</script>\n\nx',
    '[^"><script>]: x\n\nx[^"><script>]',
    '> [!NOTE]<script>alert(1)</script> "onload=x\n> y',
    "\x02klzzwxh:0000\x03 \x02wzxhzdk:0\x03 \x02amp\x03#106;",
    "&#x3c;script>alert(1)&#x3c;/script>",
    "<table><td background=javascript:x><tr style=x>a",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
]

ALL_OF = ["xss_markdown", "xss_dompurify", "xss_bleach", "xss_html5sec", "xss_owasp_evasion"]
TENTH_OF = ["xss_payloadbox", "xss_payloadsallthethings", "md_commonmark_examples"]


def strings(name):
    """A corpus, or every tenth string of a large one at the quick dose."""
    every = 1 if FULL or name not in TENTH_OF else 10
    return corpus(name)[::every]


def carpentries():
    """The episodes of a real course, by name; empty where the corpora are not at hand."""
    folder = os.environ.get("BINA_CORPORA")
    found = sorted(Path(folder, "authoring/carpentries/episodes").glob("*.md")) if folder else []
    return {path.name: path.read_text("utf-8") for path in found}


OWN_UNITS = [
    {"name": "brackets", "unit": "["},
    {"name": "a run of stars, then a space", "unit": "***", "mid": " a"},
    {"name": "a definition full of quotes", "prefix": "[a]: /u", "unit": "'", "mid": " b"},
    {"name": "a heading full of signs", "prefix": "# ", "unit": "#", "mid": "a"},
    {"name": "footnote marks left open", "unit": "[^a"},
    {"name": "abbreviations left open", "unit": "*[a\n"},
    {"name": "comments left open", "unit": "<!-- a\n\n"},
    {"name": "code spans in a row of a table", "unit": "|`a`", "suffix": "|\n|-|"},
    {"name": "lines of one item", "prefix": "- a\n", "unit": "b\n"},
    {"name": "code after code", "unit": "    a\n\n"},
    {"name": "paragraphs left open", "unit": "<p>a"},
    {"name": "siblings", "unit": "![a](b 'c')\n\n$"},
    {"name": "fences in a paragraph", "unit": "a\n```\n```\n"},
    {"name": "options of a fence", "prefix": "``` ", "unit": 'a="x" ', "suffix": "!\n```"},
    {"name": "a fence without an end", "unit": "~", "suffix": "# **"},
    {"name": "quotes in quotes", "unit": "> "},
    {"name": "callouts", "unit": "> [!NOTE]\n"},
    {"name": "tags left open", "unit": "<b>a\n\n"},
    {"name": "raw tags in a paragraph", "unit": "]]><a "},
    {"name": "end tags", "unit": "</span>"},
]


def sized_texts(units):
    """Scalable hostile texts: name -> a function of the size in characters."""
    return {
        unit["name"]: _sized({"mid": "", "unit2": "", "prefix": "", "suffix": ""} | unit) for unit in units
    }


def outside_units():
    """The units of the outside corpus."""
    return [json.loads(unit) for unit in corpus("md_pathological_units")]


def _sized(unit):
    around = len(unit["prefix"] + unit["mid"] + unit["suffix"])
    of_each = len(unit["unit"] + unit["unit2"])

    def sized(characters):
        times = max(1, (characters - around) // of_each)
        return unit["prefix"] + unit["unit"] * times + unit["mid"] + unit["unit2"] * times + unit["suffix"]

    return sized


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
SHA = hashlib.sha256(PICTURE).hexdigest()


def prose(text, path="01-awal/01-satu.md", line=1):
    return Prose(text, Place(path, line))


def lesson(identity, body, *, path=None, **more):
    path = path or f"01-awal/01-{identity}.md"
    return Lesson(id=identity, title=identity, body=prose(body, path), place=Place(path), **more)


def quiz(identity, *questions, path=None, **more):
    path = path or f"01-awal/09-{identity}.quiz.md"
    return Quiz(id=identity, title=identity, questions=questions, place=Place(path), **more)


def question(identity, text="Benar?", *, choices=("Ya", "Tidak"), feedback=None, **more):
    made = tuple(
        Choice(prose(choice), right=number == 0, feedback=prose(feedback) if feedback else None)
        for number, choice in enumerate(choices)
    )
    return Question(identity, prose(text), SingleChoice(made), **more)


def course(*steps, banks=(), media=("media/loket.png",), **more):
    """A course of one module with these steps, and its source."""
    made = Course(
        slug="contoh",
        title=more.pop("title", "Contoh"),
        hours=Decimal(1),
        kind=Kind.TECHNICAL,
        certificate=CertificateRule(CertificateKind.PASSED),
        parts=(Module("awal", "Awal", steps, more.pop("intro", Prose("")), Place("01-awal/module.md")),),
        banks=banks,
        media=tuple(Media(path, "image/png", len(PICTURE), SHA) for path in media),
        place=Place("course.md"),
        **more,
    )
    return made, Source("contoh", dict.fromkeys(media, PICTURE))


def everywhere(texts):
    """A course in which every text stands in every place that is rendered."""
    lessons = [
        lesson(f"l{number}", _in_a_body(text), path=f"01-awal/{number}-l.md")
        for number, text in enumerate(texts)
    ]
    questions = [
        question(
            f"q{number}",
            text,
            choices=(text,),
            feedback=text,
            explanation=prose(text),
        )
        for number, text in enumerate(texts)
    ]
    return course(*lessons, quiz("kuis", *questions, intro=prose("\n\n".join(texts[:1]))))


def _in_a_body(text):
    picture = f'![{text}](../media/loket.png "{text}")'
    link = f"[{text}]({text} '{text}')"
    return f"{text}\n\n{picture}\n\n{link}\n\n# {text}\n\n|{text}|b|\n|-|-|\n"


def rendered_course(made, source):
    """The rendered course, where nothing was refused."""
    rendering = render(made, source)
    assert rendering.problems == ()
    assert rendering.course
    return rendering.course


def all_html(rendered):
    """Every piece of HTML in a rendered course."""
    yield rendered.description_html
    yield from rendered.modules.values()
    for made in rendered.lessons.values():
        yield made.html
    for each in (*rendered.quizzes.values(), *rendered.banks.values()):
        yield each.intro_html
        for asked in each.questions.values():
            yield from (
                asked.heading_html,
                asked.body_html,
                asked.hint_html or "",
                asked.explanation_html or "",
            )
            for choice in asked.choices:
                yield from (choice.html, choice.feedback_html or "")
