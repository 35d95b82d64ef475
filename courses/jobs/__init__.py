"""Work for later: a row of the outbox, written in the transaction that asks for it.

A worker claims a row with a lease, runs its handler and marks it done in the handler's own transaction. A
worker that dies leaves the lease to run out and another takes the row, so every handler is idempotent.
"""

from courses.jobs.outbox import Job, claim_next, fail, finish, post, something_due

__all__ = ["Job", "claim_next", "fail", "finish", "post", "something_due"]
