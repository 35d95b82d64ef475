"""Courses being written in the browser: the folder form of a course, one version after another.

A draft is a manifest, path -> object, and every save is a version that says which paths changed, by whom and
when. Nothing is ever taken away: what a version held can be looked at and restored.

    drafts      beginning, finding and saving: each act makes one version
    history     versions, what one held, going back to it
    reviewing   asking an admin to publish, and what they decide

    uploading   a whole course that comes back as a zip file

The rest is pure: `merging` (two people, one file), `texts` (bytes and what a browser makes of them),
`unpacking` and `packing` (zip files), `pictures`, `naming`, `templates`. Publishing is the catalogue's.

What reads courses, zip files and pictures is imported when it is first asked for here: it weighs more than
all else in a web process, and most of them never need it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from courses.drafting.pictures import taken
    from courses.drafting.templates import new_course, new_file, title_of
    from courses.drafting.unpacking import check_media, unpacked

__all__ = ["check_media", "new_course", "new_file", "taken", "title_of", "unpacked"]

_HOMES = {
    "pictures": ("taken",),
    "templates": ("new_course", "new_file", "title_of"),
    "unpacking": ("check_media", "unpacked"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(name)
