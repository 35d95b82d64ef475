"""Authoring: a folder of Markdown -> a frozen `Course`, or every problem in it. No database, no network.

    read_folder(path)       a folder on disk -> Source   (`source.Source`: a slug, and bytes by path)
    parse(source)           a source -> Parsed           (a `course.Course` or None, and all problems)
    check(path)             both of the above, for a command line
    render(course, source)  a course -> Rendering        (a `rendered.RenderedCourse` or None, and problems)
    preview(source, path)   one file -> Preview          (what it looks like, and its problems)

The one rule: a problem is never an exception. Whatever bytes an author writes, `parse` answers with every
problem at once, each with path, line and column; only a folder that is no course at all is refused. A course
without errors is whole, and equal to any other course whose authors wrote the same.

`codes.CODES` lists everything that can be said; `course` is what the rooms above build on.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courses.authoring.folder import NoSuchFolder, NotACourse, read_folder
    from courses.authoring.parsing import Parsed, check, parse
    from courses.authoring.previewing import Preview, preview
    from courses.authoring.rendering import Rendering, render, render_piece
    from courses.authoring.source import Source

__all__ = [
    "NoSuchFolder",
    "NotACourse",
    "Parsed",
    "Preview",
    "Rendering",
    "Source",
    "check",
    "parse",
    "preview",
    "read_folder",
    "render",
    "render_piece",
]

_HOMES = {
    "folder": ("NoSuchFolder", "NotACourse", "read_folder"),
    "parsing": ("Parsed", "check", "parse"),
    "previewing": ("Preview", "preview"),
    "rendering": ("Rendering", "render", "render_piece"),
    "source": ("Source",),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: whoever needs `course` alone, as every web process does, loads no parser."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(name)
