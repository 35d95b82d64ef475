"""Operation ids: a write that a person makes happens once, however often it is sent.

Every write form carries a random id. It is stored in the transaction of its effect, with the reply it got;
sent again it gets that reply, and sent again with another body it is refused and nothing is changed.
"""

from courses.operations.once import Claim, Reply, ReusedOperation, claim, remember

__all__ = ["Claim", "Reply", "ReusedOperation", "claim", "remember"]
