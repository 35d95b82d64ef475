"""What a lesson weighs on the line, as Chromium counts it: read within five seconds at 50 kbit/s."""

from collections import defaultdict

import pytest
from playwright.sync_api import Page

from tests.browser.town import MAIN
from tests.browser.watching import PHONE

KILOBYTE = 1024
FIRST, BLOCKING, NEXT = 32 * KILOBYTE, 16 * KILOBYTE, 12 * KILOBYTE
LESSON, FOLLOWING = f"/learn/{MAIN}/asal-angka-20-jp", f"/learn/{MAIN}/bimbingan-atasan"


class Scales:
    """Counts what comes over the line, headers included, by kind of resource."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, str] = {}
        self.weights: dict[str, int] = defaultdict(int)
        protocol = page.context.new_cdp_session(page)
        protocol.on(
            "Network.responseReceived", lambda said: self.kinds.update({said["requestId"]: said["type"]})
        )
        protocol.on("Network.loadingFinished", self._weigh)
        protocol.send("Network.enable")

    def _meet(self, said) -> None:
        self.kinds[said["requestId"]] = said["type"]

    def _weigh(self, said) -> None:
        self.weights[self.kinds.get(said["requestId"], "?")] += int(said["encodedDataLength"])

    def visit(self, page: Page, address: str) -> dict[str, int]:
        """Weigh one visit."""
        self.weights.clear()
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        return dict(self.weights)


@pytest.fixture
def page(town, look):
    context = town.sign_in(look(town.server.url, **PHONE), "reader")
    return context.new_page()


def test_a_lesson_is_light(page, capsys):
    scales = Scales(page)
    first, following = scales.visit(page, LESSON), scales.visit(page, FOLLOWING)
    blocking = first["Document"] + first["Stylesheet"]
    with capsys.disabled():
        print(f"\nfirst visit {sum(first.values())} bytes {first}")  # noqa: T201 - a figure to be read
        print(f"HTML and blocking CSS {blocking}; the next lesson {sum(following.values())} {following}")  # noqa: T201
    assert page.locator("article img").count() == 0
    assert sum(first.values()) <= FIRST
    assert blocking <= BLOCKING
    assert sum(following.values()) <= NEXT
