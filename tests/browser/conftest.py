"""Fixtures of browser tests: servers for the whole run, a browser for each file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.server import Running, running
from tests.browser.town import Town, arrive, settle
from tests.browser.watching import chromium, looking
from tests.conftest import postgres_database

Look = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine is slow: what hangs still ends."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server on SQLite with the demo people and nothing done yet."""
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same on PostgreSQL."""
    with (
        postgres_database() as url,
        running(tmp_path_factory.mktemp("server"), database_url=url) as found,
    ):
        yield found


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A server where people are in the middle of everything."""
    with running(tmp_path_factory.mktemp("town")) as found:
        yield settle(arrive(found))


# Not for the whole session: while Playwright runs, nothing else in this process may have an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Opens contexts; each fails the test if anything went wrong behind its pages."""
    with ExitStack() as opened:

        def context(url: str, **how: Any) -> BrowserContext:
            return opened.enter_context(looking(browser, url, **how))

        yield context
