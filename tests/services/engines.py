"""Tests of what one engine does in its own way; every other test runs on both."""

import pytest


def only(engine: str) -> pytest.MarkDecorator:
    """Run a test on this engine alone: `sqlite` or `postgresql`."""
    return pytest.mark.parametrize("application", [engine], indirect=True)
