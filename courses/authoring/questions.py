"""One question of a quiz: its heading, what is asked, the answers, and the callouts HINT and EXPLANATION.

The two callouts may stand anywhere around the answers; what is asked is everything else before the answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.authoring.answers import Part, Shape, areas_of, read_answers
from courses.authoring.attributes import Head, read_head
from courses.authoring.blocks import Block, walk
from courses.authoring.course import Answers, Place, Prose, Question
from courses.authoring.manuscript import prose
from courses.authoring.quotes import QUIZ_CALLOUTS, Callout, callout, callout_name
from courses.authoring.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Read:
    """A question as far as it could be read, and the blocks of it that are prose."""

    question: Question | None
    id: str
    heading: Block
    prose: tuple[Block, ...]


def read_question(sheet: Sheet, heading: Block, blocks: Sequence[Block], end: int) -> Read:
    """Return a question.

    Args:
        sheet: where problems go.
        heading: its `## ` line.
        blocks: what stands between this heading and the next.
        end: the line of the next heading, or the end of the file.
    """
    head = read_head(sheet, heading)
    part = Part(heading, [block for block in blocks if callout_name(block) not in QUIZ_CALLOUTS], end)
    areas = areas_of(part.blocks)
    notes = _notes(sheet, blocks, is_essay=any(area.shape is Shape.ESSAY for area in areas))
    taken = {at for area in areas for at in range(area.at, area.at + area.count)}
    asked = [block for at, block in enumerate(part.blocks) if at not in taken]
    _find_misplaced(sheet, asked)
    answers = None
    if head.type:
        sheet.add_at("unsupported", heading, what=f"type={head.type}")
    else:
        answers = read_answers(sheet, part, areas)
    body = _body(sheet, part, notes, areas[0].first if areas else end)
    spoken = [*asked, *(note.block for note in notes)]
    return Read(
        _question(sheet.place(heading), head, answers, body, notes) if head.id and answers else None,
        head.id,
        heading,
        tuple(sorted(spoken, key=lambda block: block.first)),
    )


def _notes(sheet: Sheet, blocks: Iterable[Block], *, is_essay: bool) -> list[Callout]:
    """Return the callouts that belong to the answers, each kind once; a rubric belongs to an essay."""
    notes: dict[str, Callout] = {}
    for block in blocks:
        note = callout(sheet.page, block)
        if note is None or note.name not in QUIZ_CALLOUTS:
            continue
        if note.name in notes:
            sheet.add_at("callout-twice", block, name=note.name)
        elif note.name == "RUBRIC" and not is_essay:
            sheet.add_at("callout-place", block, name=note.name)
        notes.setdefault(note.name, note)
    return list(notes.values())


def _find_misplaced(sheet: Sheet, blocks: Iterable[Block]) -> None:
    """A callout inside a list or quote would be printed with the question."""
    for outer in blocks:
        for block in walk(outer.blocks):
            if (name := callout_name(block)) in QUIZ_CALLOUTS:
                sheet.add_at("callout-place", block, name=name)


def _body(sheet: Sheet, part: Part, notes: Iterable[Callout], end: int) -> Prose:
    hidden = {line for note in notes for line in range(note.block.first, note.block.end)}
    lines = range(part.heading.end, end)
    return prose(sheet.page.path, [(line, sheet.page.lines[line]) for line in lines if line not in hidden])


def _question(place: Place, head: Head, answers: Answers, body: Prose, notes: Iterable[Callout]) -> Question:
    said: Mapping[str, Prose] = {note.name: note.prose for note in notes}
    return Question(
        id=head.id,
        heading=head.words,
        answers=answers,
        body=body,
        points=head.points,
        hint=said.get("HINT"),
        explanation=said.get("EXPLANATION"),
        place=place,
    )
