"""How much of a test is run: a quick dose always, the stated figure with BINA_DOSE=full."""

import os


def dose(*, quick: int, full: int) -> int:
    """How many tries."""
    return full if os.environ.get("BINA_DOSE") == "full" else quick
