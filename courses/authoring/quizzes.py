"""A quiz or a bank: an introduction, then questions, each of which begins with a heading `## `.

Rules that need the banks of the course (how many questions there are to draw from) are in `checking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.authoring.answers import LIKE_AN_ANSWER, code_lines
from courses.authoring.attributes import divided
from courses.authoring.blocks import Block, walk
from courses.authoring.course import Place, Prose, Question, Quiz, Reveal, Show
from courses.authoring.findings import Findings
from courses.authoring.frontmatter import Front
from courses.authoring.manuscript import prose
from courses.authoring.matter import BankMatter, QuizMatter, Shuffled
from courses.authoring.questions import Read, read_question
from courses.authoring.sheet import Sheet


@dataclass(frozen=True, slots=True)
class QuizBody:
    """What stands below the keys: `asked` counts headings, `prose` are the blocks of plain text."""

    intro: Prose
    questions: tuple[Question, ...]
    asked: int
    prose: tuple[Block, ...]


def read_quiz_body(sheet: Sheet, blocks: Sequence[Block]) -> QuizBody:
    """Return the introduction and the questions of a quiz; what is wrong with them is found."""
    _find_odd_headings(sheet, blocks)
    starts = [at for at, block in enumerate(blocks) if _is_question(block)]
    intro = list(blocks[: starts[0]] if starts else blocks)
    end = len(sheet.page.lines)
    first = blocks[starts[0]].first if starts else end
    _find_stray_answers(sheet, intro, first)
    read = [
        read_question(sheet, blocks[at], blocks[at + 1 : after], blocks[after].first if after else end)
        for at, after in zip(starts, [*starts[1:], None], strict=False)
    ]
    _find_doubled(sheet, read)
    lines = [(line, sheet.page.lines[line]) for line in range(sheet.page.body, first)]
    return QuizBody(
        prose(sheet.page.path, lines),
        tuple(each.question for each in read if each.question),
        len(read),
        (*intro, *(block for each in read for block in each.prose)),
    )


def build_quiz(id_: str, matter: QuizMatter, body: QuizBody, place: Place) -> Quiz:
    """Return the quiz that the keys and the body of a file make."""
    return Quiz(
        id=id_,
        title=matter.title,
        intro=body.intro,
        questions=body.questions,
        graded=matter.graded,
        role=matter.role.value if matter.role else None,
        pass_percent=matter.pass_percent,
        attempts=matter.attempts,
        time=matter.time,
        offline=matter.offline,
        shuffle_questions=Shuffled.QUESTIONS in matter.shuffle,
        shuffle_choices=Shuffled.CHOICES in matter.shuffle,
        sources=matter.banks,
        draw=matter.draw,
        show=_show(matter),
        minutes=matter.minutes,
        place=place,
    )


def _show(matter: QuizMatter) -> Show:
    """Practice gives its feedback at once, unless its author says otherwise (COURSE-FORMAT, `graded`)."""
    said = "answers" in matter.show.model_fields_set
    return Show(matter.show.score, matter.show.answers if said or matter.graded else Reveal.NOW)


def build_bank(name: str, matter: BankMatter, body: QuizBody, place: Place) -> Quiz:
    """Return a bank: a quiz that is drawn from and never shown, named by its path."""
    return Quiz(id=name, title=matter.title, intro=body.intro, questions=body.questions, place=place)


def check_keys(matter: QuizMatter, front: Front, asked: int, found: Findings) -> None:
    """Find keys of a quiz that contradict each other, and a quiz that asks nothing."""
    keys = front.keys
    if matter.offline and matter.time:
        found.add("offline-with-time", keys["offline",])
    if matter.offline and not matter.graded:
        found.add("offline-ungraded", keys["offline",])
    if matter.draw and not matter.banks:
        found.add("draw-without-banks", keys["draw",])
    if not asked and not matter.banks:
        found.add("quiz-empty", front.place())
    if not matter.graded:
        for key in keys.keys() & {("attempts",), ("pass",)}:
            found.add("no-effect", keys[key], key=key[0])


def _is_question(block: Block) -> bool:
    return block.kind == "heading" and block.token.markup == "##"


def _find_odd_headings(sheet: Sheet, blocks: Sequence[Block]) -> None:
    for block in walk(blocks):
        if block.kind == "heading" and block.token.markup in ("-", "="):
            is_key = sheet.page.lines[block.end - 1].strip() == "="
            sheet.add("answer-empty", block.end - 1) if is_key else sheet.add_at("setext-heading", block)
        elif block.kind == "heading" and block.token.markup != "##" and divided(block.text)[1]:
            sheet.add_at("question-level", block)


def _find_stray_answers(sheet: Sheet, intro: Sequence[Block], end: int) -> None:
    code = code_lines(intro)
    for number in range(sheet.page.body, end):
        if number not in code and LIKE_AN_ANSWER.match(sheet.page.lines[number]):
            sheet.add("answers-outside", number)
            return


def _find_doubled(sheet: Sheet, read: Sequence[Read]) -> None:
    first: dict[str, int] = {}
    for each in read:
        other = first.setdefault(each.id, each.heading.first) if each.id else each.heading.first
        if other != each.heading.first:
            sheet.add_at("question-id-twice", each.heading, id=each.id, other=other + 1)
