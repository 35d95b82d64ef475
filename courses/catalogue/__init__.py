"""Published editions of courses. An edition never changes; a new one never takes anything away."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courses.catalogue.publishing import CourseHasProblems, Prepared, Published, prepare, publish

__all__ = ["CourseHasProblems", "Prepared", "Published", "prepare", "publish"]


def __getattr__(name: str) -> Any:
    """Import what publishes when it is asked for: most web processes never read or render a course."""
    if name in __all__:
        return getattr(import_module(f"{__name__}.publishing"), name)
    raise AttributeError(name)
