"""How teaching works. No room in here knows Flask, a request or a page.

Rooms are read downwards (see docs/architecture.md): a room may use the rooms below it and never one above.
What must travel upward travels as an event in the outbox (`courses.jobs`).
"""
