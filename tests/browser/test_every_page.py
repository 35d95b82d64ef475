"""Every page, on a phone and at a desk, light and dark: axe is content, thumbs reach, focus is seen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.scenes import SCENES, Scene
from tests.browser.watching import DESK, PHONE

LEAST_TARGET = 44
# Links within a sentence need not be tall (WCAG 2.5.8, "inline"); whatever else one taps is. A tick is as
# large as its label. What only a screen reader meets, or stands outside until it has focus, is not tapped.
TARGETS = """least => {
  const small = [];
  const targets = "a[href], button, summary, select, textarea, input, [tabindex='0']";
  for (const target of document.querySelectorAll(targets)) {
    if (target.type === "hidden" || !target.checkVisibility({ visibilityProperty: true })) continue;
    const touched = (target.matches("[type=checkbox], [type=radio]") && target.labels[0]) || target;
    const box = touched.getBoundingClientRect();
    const sentence = target.matches("a") && getComputedStyle(target).display === "inline" &&
      (target.closest(".prose") || target.parentElement.textContent.trim() !== target.textContent.trim());
    if (sentence || box.width < 2 || box.bottom < 0) continue;
    const size = Math.min(box.width, box.height);
    if (size < least - 0.5) small.push(`${target.outerHTML.slice(0, 90)} ${size}`);
  }
  return small;
}"""
FOCUS = """() => {
  const now = document.activeElement;
  if (!now || now === document.body) return null;
  const style = getComputedStyle(now);
  const box = now.getBoundingClientRect();
  const name = now.outerHTML.slice(0, 90);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return `${name}: no outline`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `${name}: outside`;
  const middle = Math.min(innerHeight - 1, Math.max(0, box.y + box.height / 2));
  const there = document.elementFromPoint(box.x + box.width / 2, middle);
  const own = !there || now.contains(there) || there.contains(now) || now.labels?.[0]?.contains(there);
  return own ? "" : `${name}: under ${there.outerHTML.slice(0, 60)}`;
}"""
MANY = 80


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_page(town, look, scene: Scene):
    context = look(town.server.url, reduced_motion="reduce", viewport=PHONE["viewport"])
    if scene.who is not None:
        town.sign_in(context, scene.who)
    page = context.new_page()
    scene.enter(page, town)
    for view in (PHONE["viewport"], DESK["viewport"]):
        page.set_viewport_size(view)
        page.emulate_media(color_scheme="light")
        assert _violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert _violations(page, only="color-contrast") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= view["width"]
        assert page.evaluate(TARGETS, LEAST_TARGET) == []
        if scene.act is None:
            assert _badly_focused(page) == []


def _violations(page: Page, *, only: str | None = None) -> list[str]:
    rules = {"runOnly": {"type": "rule", "values": [only]}} if only else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def _badly_focused(page: Page) -> list[str]:
    """Tab through the page; what was reached and could not be seen."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    wrong: list[str] = []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        said = page.evaluate(FOCUS)
        if said is None:
            break
        if said:
            wrong.append(said)
    return wrong
