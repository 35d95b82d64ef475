"""What a course is: frozen values, exactly what an author wrote, without a database and without HTML.

`Prose` holds Markdown; HTML is made from it once, at publishing. Two courses are equal when their
authors wrote the same, wherever the lines stood: places do not take part in comparison.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a path inside the course folder, line and column from 1 in the file."""

    path: str
    line: int = 1
    column: int = 1


NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of Markdown, dedented, and where its first line stands."""

    text: str
    place: Place = field(default=NOWHERE, compare=False)

    def __bool__(self) -> bool:
        return bool(self.text.strip())


class Kind(StrEnum):
    """The competency group of a course."""

    TECHNICAL = "teknis"
    MANAGERIAL = "manajerial"
    SOCIOCULTURAL = "sosial-kultural"
    FUNCTIONAL = "fungsional"


class Order(StrEnum):
    """Whether a step opens only after the one before it."""

    SEQUENTIAL = "sequential"
    FREE = "free"


class CertificateKind(StrEnum):
    """`lulus`: graded quizzes passed. `keikutsertaan`: graded quizzes submitted."""

    PASSED = "lulus"
    ATTENDED = "keikutsertaan"


class Issue(StrEnum):
    """Whether a certificate waits for a person's approval."""

    APPROVAL = "approval"
    AUTOMATIC = "automatic"


class Reveal(StrEnum):
    """When a learner may see the score or the answers."""

    NOW = "now"
    AFTER_PASS = "after-pass"  # noqa: S105 - a word of the course format
    AFTER_LAST_ATTEMPT = "after-last-attempt"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """What paper the course ends with. `valid` as written, for example `2y`; None: for ever."""

    kind: CertificateKind
    issue: Issue = Issue.APPROVAL
    valid: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """When a lesson opens: on a day, or so long after enrolment."""

    on: date | None = None
    after_enrolment: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page to read. `minutes` and `minimum` as the author said them, None where not said."""

    id: str
    title: str
    body: Prose
    minutes: int | None = None
    objectives: tuple[str, ...] = ()
    complete: str = "read"
    minimum: timedelta | None = None
    release: Release | None = None
    change: str = "minor"
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick. `weight` is the share of the points as a fraction (50% is 1/2); None: not said."""

    text: Prose
    right: bool
    weight: Fraction | None = None
    feedback: Prose | None = None


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """`( )`: exactly one choice is right."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class SeveralChoices:
    """`[ ]`: one or more choices are right."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NumberKey:
    """`= 7 +- 0` or `= 6..8`: numbers from low to high, both included, earn `credit` of the points."""

    low: Decimal
    high: Decimal
    credit: Fraction = Fraction(1)
    feedback: Prose | None = None


@dataclass(frozen=True, slots=True)
class NumberAnswers:
    """`= number` lines; the best line that matches counts."""

    keys: tuple[NumberKey, ...]


@dataclass(frozen=True, slots=True)
class TextKey:
    """`= BerAKHLAK`: compared by NFKC, case and white space folded."""

    text: str
    credit: Fraction = Fraction(1)
    feedback: Prose | None = None


@dataclass(frozen=True, slots=True)
class TextAnswers:
    """`= text` lines; the best line that matches counts."""

    keys: tuple[TextKey, ...]


Answers = SingleChoice | SeveralChoices | NumberAnswers | TextAnswers


@dataclass(frozen=True, slots=True)
class Question:
    """A `## ` heading of a quiz: the heading is the question, `body` what follows before the answers."""

    id: str
    heading: Prose
    answers: Answers
    body: Prose = Prose("")
    points: Fraction = Fraction(1)
    hint: Prose | None = None
    explanation: Prose | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Show:
    """When score and answers are shown after an attempt."""

    score: Reveal = Reveal.NOW
    answers: Reveal = Reveal.AFTER_PASS


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz or a bank. `pass_percent` None: as the course. `attempts` 0: no limit. `sources`: banks."""

    id: str
    title: str
    intro: Prose = Prose("")
    questions: tuple[Question, ...] = ()
    graded: bool = False
    role: str | None = None
    pass_percent: Fraction | None = None
    attempts: int = 0
    time: timedelta | None = None
    offline: timedelta | None = None
    shuffle_questions: bool = False
    shuffle_choices: bool = False
    sources: tuple[str, ...] = ()
    draw: int | None = None
    show: Show = Show()
    minutes: int | None = None
    place: Place = field(default=NOWHERE, compare=False)


Step = Lesson | Quiz


@dataclass(frozen=True, slots=True)
class Module:
    """A numbered folder: its steps in the order of their numbers."""

    id: str
    title: str
    steps: tuple[Step, ...]
    intro: Prose = Prose("")
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A file a browser may fetch, by its path inside the course folder."""

    path: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course. `parts` are modules and steps outside modules, in the order of their numbers."""

    slug: str
    title: str
    hours: Decimal
    kind: Kind
    certificate: CertificateRule
    description: Prose = Prose("")
    summary: str = ""
    lang: str = "id"
    competency: str | None = None
    level: int | None = None
    objectives: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    order: Order = Order.SEQUENTIAL
    pass_percent: Fraction = Fraction(70)
    provider: str = ""
    partners: tuple[str, ...] = ()
    siasn_kind: int | None = None
    parts: tuple[Module | Step, ...] = ()
    banks: tuple[Quiz, ...] = ()
    media: tuple[Media, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every lesson and quiz a learner walks through, in order; banks are not walked."""
        return tuple(
            step for part in self.parts for step in (part.steps if isinstance(part, Module) else (part,))
        )
