"""The trail: who did what to whom, chained by hashes, written in the transaction that did it.

Entries hold ids, never names or numbers. `check` walks the chain and finds every edit, deletion, swap or cut.
"""

from courses.audit.trail import SYSTEM, Broken, check, entries_about, record

__all__ = ["SYSTEM", "Broken", "check", "entries_about", "record"]
