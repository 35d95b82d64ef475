"""Backups: one sealed file that holds everything, the same for both engines, and the way back from it.

A backup is taken from one consistent state while people go on working. Putting it back happens whole or not
at all, and only where there is nothing yet.
"""

from courses.keeping.archive import BackupDamaged
from courses.keeping.backing_up import BackupExists, BackupNotWritten, BackupReport, Source, back_up
from courses.keeping.restoring import (
    BackupFromAnotherVersion,
    BackupIncomplete,
    BackupMissing,
    NotEmpty,
    Target,
    finish_with_files,
    look_for_anything,
    put_rows_back,
    verify,
)

__all__ = [
    "BackupDamaged",
    "BackupExists",
    "BackupFromAnotherVersion",
    "BackupIncomplete",
    "BackupMissing",
    "BackupNotWritten",
    "BackupReport",
    "NotEmpty",
    "Source",
    "Target",
    "back_up",
    "finish_with_files",
    "look_for_anything",
    "put_rows_back",
    "verify",
]
