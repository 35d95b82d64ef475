"""Every example of docs/course-format.md is a file of one course, and that course is clean."""

import re

from config import ROOT
from courses.authoring import Source, parse
from courses.authoring.course import Quiz

EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```markdown\n(.*?)```", re.DOTALL)
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def test_the_examples_make_a_course_without_a_problem():
    files = {
        path: text.encode() for path, text in EXAMPLE.findall((ROOT / "docs/course-format.md").read_text())
    }
    assert len(files) == 5
    files["media/rak.svg"] = PICTURE
    files["01-dasar/module.md"] = b"---\ntitle: Dasar\n---\n"
    parsed = parse(Source("arsip", files))
    assert [str(problem) for problem in parsed.problems if problem.severity == "error"] == []
    assert parsed.course is not None
    assert [step.id for step in parsed.course.steps] == ["apa-itu-arsip", "cek-paham", "ujian"]
    quiz = parsed.course.steps[1]
    assert isinstance(quiz, Quiz)
    assert [type(question.answers).__name__ for question in quiz.questions] == [
        "SingleChoice",
        "SeveralChoices",
        "NumberAnswers",
        "TextAnswers",
    ]
