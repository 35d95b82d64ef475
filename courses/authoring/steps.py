"""Lessons, quizzes and banks as they were read, and what only the whole course can check of them.

Every file is read to its end, whatever is wrong with its keys, so that one look finds everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.authoring.advice import check_questions, check_sentences, count_words
from courses.authoring.blocks import Block, read_blocks
from courses.authoring.course import Lesson, Place, Quiz
from courses.authoring.dialect import check_dialect
from courses.authoring.fields import is_id
from courses.authoring.findings import Findings
from courses.authoring.frontmatter import Front, read_front
from courses.authoring.layout import StepFile, StepKind, bank_name
from courses.authoring.lessons import build_lesson, check_weight, is_too_long
from courses.authoring.links import Shelf, check_links
from courses.authoring.manuscript import Manuscript, opened
from courses.authoring.matter import BankMatter, LessonMatter, QuizMatter, read_matter
from courses.authoring.prose import check_prose
from courses.authoring.quizzes import QuizBody, build_bank, build_quiz, check_keys, read_quiz_body
from courses.authoring.quotes import LESSON_CALLOUTS, QUIZ_CALLOUTS
from courses.authoring.sheet import Sheet


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is text: its lines, its keys where they can be read, and the blocks of its body."""

    page: Manuscript
    front: Front | None
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class ReadStep:
    """A lesson, quiz or bank: `step` where its keys are sound; `asked` and `words` in any case."""

    path: str
    id: str
    front: Front | None
    step: Lesson | Quiz | None
    asked: int = 0
    words: int = 0

    @property
    def id_place(self) -> Place:
        """Where the id is said: in the keys, or by the name of the file."""
        return (self.front.places.get(("id",)) if self.front else None) or Place(self.path)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files of one course. Links may lead to what is on the `shelf`; problems gather in `found`."""

    files: Mapping[str, bytes]
    shelf: Shelf
    found: Findings

    def open(self, path: str, callouts: Sequence[str] = LESSON_CALLOUTS) -> OpenFile | None:
        """Return a file, or None when it isn't there or no text; what is wrong with any text is found.

        A body that is one page has a limit of its own; a quiz is rendered question by question.
        """
        page = opened(path, self.files[path], self.found) if path in self.files else None
        if page is None:
            return None
        front = read_front(page, self.found)
        if callouts == LESSON_CALLOUTS and is_too_long(page, self.found):
            return OpenFile(page, front, [])
        blocks = read_blocks(page, self.found)
        check_prose(page, blocks, callouts, self.found)
        check_links(page, blocks, self.shelf, self.found)
        return OpenFile(page, front, blocks)

    def step(self, file: StepFile) -> ReadStep:
        """Return a numbered file; a kind that can't be read yet is a problem and makes no step."""
        if file.kind is StepKind.SURVEY:
            self.found.add("unsupported", Place(file.path), what=StepKind.SURVEY.value)
            return ReadStep(file.path, file.name, None, None)
        return self._lesson(file) if file.kind is StepKind.LESSON else self._quiz(file)

    def bank(self, path: str) -> ReadStep:
        """Return a bank, whose id is the name it is drawn from by."""
        file = self.open(path, (*LESSON_CALLOUTS, *QUIZ_CALLOUTS))
        name = bank_name(path)
        if file is None:
            return ReadStep(path, name, None, None)
        matter = read_matter(BankMatter, file.front, self.found)
        body = self._quiz_body(file)
        if not body.asked:
            self.found.add("quiz-empty", Place(path))
        step = build_bank(name, matter, body, Place(path)) if matter else None
        return ReadStep(path, name, file.front, step, body.asked)

    def check_text(self, page: Manuscript, blocks: Sequence[Block]) -> None:
        """Find what an editor would say of prose."""
        check_dialect(page, blocks, self.found)
        check_sentences(page, blocks, self.found)

    def id_of(self, path: str, name: str, front: Front | None) -> str:
        """Return the id of a part: what its keys say, else its name."""
        said = front.values.get("id") if front else None
        if isinstance(said, str):
            return said
        if not is_id(name):
            self.found.add("bad-id", Place(path), value=name)
        return name

    def _lesson(self, file: StepFile) -> ReadStep:
        text = self.open(file.path)
        if text is None:
            return ReadStep(file.path, file.name, None, None)
        id_ = self.id_of(file.path, file.name, text.front)
        matter = read_matter(LessonMatter, text.front, self.found)
        self.check_text(text.page, text.blocks)
        check_weight(text.page, self.found)
        step = build_lesson(id_, matter, text.page) if matter else None
        return ReadStep(file.path, id_, text.front, step, words=count_words(text.page.prose.text))

    def _quiz(self, file: StepFile) -> ReadStep:
        text = self.open(file.path, (*LESSON_CALLOUTS, *QUIZ_CALLOUTS))
        if text is None:
            return ReadStep(file.path, file.name, None, None)
        id_ = self.id_of(file.path, file.name, text.front)
        matter = read_matter(QuizMatter, text.front, self.found)
        body = self._quiz_body(text)
        if matter and text.front:
            check_keys(matter, text.front, body.asked, self.found)
        step = build_quiz(id_, matter, body, Place(file.path)) if matter else None
        return ReadStep(file.path, id_, text.front, step, body.asked)

    def _quiz_body(self, text: OpenFile) -> QuizBody:
        body = read_quiz_body(Sheet(text.page, self.found), text.blocks)
        self.check_text(text.page, body.prose)
        check_questions(body.questions, self.found)
        return body
