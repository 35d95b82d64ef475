"""The blueprint of the learner's pages; its views stand in `lessons` and `quizzes`."""

from flask import Blueprint

blueprint = Blueprint("learn", __name__, url_prefix="/learn")
