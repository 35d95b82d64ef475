"""What people do in a browser, as steps that tests share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from app.cli.demo import PASSWORD
from tests.browser.server import Running
from tests.browser.town import right_answers

LESSON_OR_QUIZ = re.compile(r"/learn/[a-z-]+/(quiz/)?([a-z0-9-]+)$")


@dataclass(frozen=True)
class Learner:
    """Somebody who learns in a browser; the server is only asked for keys, where no page shows them."""

    page: Page
    server: Running

    def sign_in(self, identifier: str, password: str = PASSWORD) -> None:
        """Sign in on the page that asks for it; demo people share a password."""
        self.page.get_by_label("NIP atau surel").fill(identifier)
        self.page.get_by_label("Kata sandi", exact=True).fill(password)
        self.page.locator("main form").get_by_role("button", name="Masuk").click()

    def answers(self) -> Mapping[str, object]:
        """The right answers to the attempt that is open on the page: name of a field -> value or values."""
        with self.server.inside():
            return right_answers(self.page.content())

    def answer(self, answers: Mapping[str, object]) -> None:
        """Answer the questions, in whatever way the page shows them."""
        for name, value in answers.items():
            question = self.page.locator(f".q:has([name='{name}'])")
            onward = self.page.get_by_role("button", name="Soal berikutnya")
            while not question.is_visible():
                onward.click()
            self._fill_in(question, value if isinstance(value, list) else [str(value)])

    @staticmethod
    def _fill_in(question: Locator, wanted: list[str]) -> None:
        """Write the answer, or tap the choices until exactly the wanted ones are ticked."""
        field = question.locator("input.answer")
        if field.count():
            field.fill(wanted[0])
            return
        for box in question.locator(".choice input").all():
            ticked = box.is_checked()
            can_be_untapped = box.get_attribute("type") == "checkbox"
            if ticked != (box.get_attribute("value") in wanted) and (can_be_untapped or not ticked):
                question.locator(f"label[for='{box.get_attribute('id')}']").click()

    def hand_in(self) -> None:
        """Look back, and hand in."""
        self.page.get_by_role("button", name="Tinjau").click()
        self.page.get_by_role("button", name="Kumpulkan sekarang").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hasil percobaan")

    def practise(self) -> None:
        """Do the practice quiz on whose page one stands, rightly, and go on."""
        self.page.get_by_role("button", name="Mulai mengerjakan").click()
        self.answer(self.answers())
        self.hand_in()
        self.page.get_by_role("link", name="Lanjut").click()

    def read_on_until(self, quiz: str) -> list[str]:
        """Read every lesson and do every practice quiz until the page of a quiz; return what was passed."""
        passed: list[str] = []
        while True:
            found = LESSON_OR_QUIZ.search(self.page.url)
            assert found is not None, self.page.url
            if found[2] == quiz:
                return passed
            assert found[2] not in passed, f"{found[2]} came twice"
            passed.append(found[2])
            if found[1]:
                self.practise()
            else:
                self.page.get_by_role("button", name="Selesai dan lanjut").click()
            self._leave(found[0])

    def _leave(self, address: str) -> None:
        self.page.wait_for_url(lambda url: not url.endswith(address))
