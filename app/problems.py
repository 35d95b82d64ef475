"""Problems of a course as a page says them: in the reader's language, where the checker speaks English."""

from flask_babel import gettext

from courses.authoring.problems import Problem


def said(problem: Problem) -> str:
    """The sentence of a problem in the language of the page."""
    words = gettext(problem.message)
    return words % problem.facts if problem.facts else words
