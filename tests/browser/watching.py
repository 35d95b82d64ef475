"""Chromium as people have it, and an eye on everything that must never happen while they use it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Request,
    Response,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import leave_out

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PATIENCE = 30_000  # milliseconds; the machine may be busy
# A blocked script or style is reported to the page; we repeat it where it is heard.
TELL = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));"""
FAILED = 400


@dataclass
class Watch:
    """What went wrong behind a page: errors, refused resources, requests to elsewhere, dialogs."""

    origin: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.add_init_script(TELL)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("dialog", self._dialog)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # How a response ended is judged in _response; the status of documents is asserted by tests.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", "data:", "blob:")):
            self.problems.append(f"foreign request: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= FAILED and response.request.resource_type != "document":
            self.problems.append(f"{response.status}: {response.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        with suppress(PlaywrightError):
            dialog.dismiss()


@contextmanager
def chromium(environment: dict[str, str | float | bool] | None = None) -> Iterator[Browser]:
    """A browser. Leave its block before anything else in this process wants an event loop."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=list(ARGUMENTS), env=environment
            )
        except PlaywrightError as error:
            leave_out(f"Chromium: {error.message.splitlines()[0]}")
            raise
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(browser: Browser, url: str, **how: Any) -> Iterator[BrowserContext]:
    """A context of its own on the server; it fails at its end if anything went wrong behind the pages."""
    context = browser.new_context(base_url=url, locale="id-ID", **how)
    context.set_default_timeout(PATIENCE)
    watch = Watch("{0.scheme}://{0.netloc}".format(urlsplit(url)))
    watch.over(context)
    try:
        yield context
    finally:
        context.close()
    assert watch.problems == []
