"""The source of a course: a slug and its files, whoever edited them.

A source is bytes by path, nothing else: two sources with the same files are the same source (`digest`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from courses.authoring.problems import Problem


@dataclass(frozen=True, slots=True)
class Source:
    """`files` maps a POSIX path inside the course folder to its bytes.

    `left_out` names the files that could not be taken (links, unreadable, too large): `parse` reports them,
    so that a source which isn't whole never becomes a course.
    """

    slug: str
    files: Mapping[str, bytes]
    left_out: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted (path, SHA-256 of the bytes) pairs: the identity of an edition's source.

        It covers the answer key, so it must never be shown to a learner.
        """
        manifest = hashlib.sha256()
        for path in sorted(self.files):
            blob = hashlib.sha256(self.files[path]).hexdigest()
            manifest.update(f"{len(path.encode())} {path} {blob}\n".encode())
        return manifest.hexdigest()
