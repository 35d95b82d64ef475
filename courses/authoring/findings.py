"""Where problems are gathered while a course is read: all of them, in the order of the files."""

import re
from collections.abc import Iterable

from courses.authoring.codes import CODES, DIALECT
from courses.authoring.course import Place
from courses.authoring.problems import Problem, Severity

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 80


class Findings:
    """Problems found so far, and how many of them are `errors`.

    A fact that is text is shown shortened and without control characters.
    """

    def __init__(self, known: Iterable[Problem] = ()) -> None:
        self._problems = list(known)
        self.errors = sum(problem.severity is Severity.ERROR for problem in self._problems)

    def add(self, code: str, place: Place, /, **facts: object) -> None:
        """Add a problem of a registered code."""
        self._add(code, CODES[code].message, place, facts)

    def add_dialect(self, case: str, place: Place) -> None:
        """Add a warning that Markdown tools disagree; the case says about what."""
        self._add("dialect", DIALECT[case], place, {})

    def _add(self, code: str, message: str, place: Place, facts: dict[str, object]) -> None:
        shown = {name: showable(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        severity = CODES[code].severity
        self.errors += severity is Severity.ERROR
        self._problems.append(Problem(place, severity, code, message, shown))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems: course.md first, then file by file, from the top."""
        return tuple(sorted(self._problems, key=_order))


def showable(text: str) -> str:
    """Return a text that can stand in one line of a terminal, whatever an author wrote."""
    text = _UNSHOWABLE.sub("\ufffd", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _order(problem: Problem) -> tuple[bool, str, int, int, str]:
    place = problem.place
    return (place.path != "course.md", place.path, place.line, place.column, problem.code)
