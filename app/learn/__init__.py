"""The learner's pages: lessons, quizzes, results. A lesson view is three queries at most, and no write."""

from app.learn import lessons, quizzes
from app.learn.pages import blueprint

__all__ = ["blueprint", "lessons", "quizzes"]
