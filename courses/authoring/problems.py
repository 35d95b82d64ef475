"""What can be wrong with a course: each problem has a place, a code, a sentence, and its mend if any.

`code` is stable (docs/course-format.md); `message` is an English template filled from `facts`, so that a
page can say it in the language of its reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from courses.authoring.course import Place


class Severity(StrEnum):
    """An error keeps a course from being published, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `str(problem)` is the line the checker prints."""

    place: Place
    severity: Severity
    code: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The message with its facts filled in, in English."""
        return self.message % self.facts if self.facts else self.message

    def __str__(self) -> str:
        place = self.place
        return f"{place.path}:{place.line}:{place.column}: {self.severity}: {self.code}: {self.sentence}"
