"""Every page worth looking at, in the state it is in when people meet it: for the tests and the pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.town import EXAM, LEAST_TIME, MAIN, Town

Act = Callable[[Page, Town], object]
EXAM_PAGE = f"/learn/{MAIN}/quiz/{EXAM}"


@dataclass(frozen=True)
class Scene:
    """A page: who looks (None: a visitor), where, what they do there first, which status it has."""

    name: str
    who: str | None
    address: str
    act: Act | None = None
    status: int = 200

    def enter(self, page: Page, town: Town) -> None:
        """Open the page and bring it into its state."""
        answer = page.goto(self.address.format(**town.codes))
        assert answer is not None
        assert answer.status == self.status, (self.name, answer.status)
        if self.act is not None:
            self.act(page, town)
            page.wait_for_load_state()


def _wrong_password(page: Page, _town: Town) -> None:
    page.fill("#identifier", "198704122011012003")
    page.fill("#password", "bukan-ini")
    page.click("main button[type=submit]")


def _nothing_filled_in(page: Page, _town: Town) -> None:
    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    page.click("main button[type=submit]")


def _wrong_old_password(page: Page, _town: Town) -> None:
    page.fill("#old", "bukan-ini")
    page.fill("#new", "kopi pagi di Ampenan")
    page.click("form[action$=password] button")


def _upload(change: Callable[[bytes], bytes]) -> Act:
    def act(page: Page, town: Town) -> None:
        content = change(town.document(town.codes["issued"]))
        page.set_input_files(
            "#file", {"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.click("form[enctype] button")

    return act


def flipped(pdf: bytes) -> bytes:
    """A document with one bit that is not as it was signed, in the middle."""
    middle = len(pdf) // 2
    return pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]


def _open_drawer(page: Page, _town: Town) -> None:
    if page.is_visible(".drawer summary"):
        page.click(".drawer summary")


def _to_the_table(page: Page, _town: Town) -> None:
    page.locator("h2", has_text="Tabel konversi").evaluate("heading => heading.scrollIntoView()")


def _third_question(page: Page, _town: Town) -> None:
    page.click(".palette a[href='#soal-3']")
    page.locator("#soal-3 .flag").click()
    page.evaluate("scrollTo(0, 0)")


def _look_back(page: Page, _town: Town) -> None:
    page.click("[data-review]")


def _pick_two(page: Page, _town: Town) -> None:
    for row in page.locator("tbody [name=award]").all()[:2]:
        row.check()


SCENES = (
    Scene("landing", None, "/"),
    Scene("catalogue", None, "/courses/"),
    Scene("course-visitor", None, f"/courses/{MAIN}"),
    Scene("login", None, "/login"),
    Scene("login-refused", None, "/login", _wrong_password),
    Scene("login-empty", None, "/login", _nothing_filled_in),
    Scene("forgot", None, "/forgot"),
    Scene("forgot-empty", None, "/forgot", _nothing_filled_in),
    Scene("reset-over", None, "/reset/" + "0" * 43, status=404),
    Scene("error-404", None, "/tidak-ada", status=404),
    Scene("verify", None, "/verify/"),
    Scene("verify-valid", None, "/verify/{issued}"),
    Scene("verify-revoked", None, "/verify/{revoked}"),
    Scene("verify-unknown", None, "/verify/0000000000000000000000000x", status=404),
    Scene("verify-file-valid", None, "/verify/", _upload(bytes)),
    Scene("verify-file-tampered", None, "/verify/", _upload(flipped)),
    Scene("home-new", "newcomer", "/"),
    Scene("me-new", "newcomer", "/me"),
    Scene("course-new", "newcomer", f"/courses/{MAIN}"),
    Scene("home", "reader", "/"),
    Scene("home-menu", "reader", "/", lambda page, _: page.click(".menu summary")),
    Scene("course", "reader", f"/courses/{MAIN}"),
    Scene("lesson", "reader", f"/learn/{MAIN}/menghitung-jp", _to_the_table),
    Scene("lesson-next", "reader", f"/learn/{MAIN}/bimbingan-atasan"),
    Scene("lesson-drawer", "reader", f"/learn/{MAIN}/bimbingan-atasan", _open_drawer),
    Scene("lesson-least-time", "taker", f"/learn/{LEAST_TIME}/simpan"),
    Scene("quiz-practice", "reader", f"/learn/{MAIN}/quiz/cek-dasar"),
    Scene("result-practice", "reader", f"/learn/{MAIN}/quiz/cek-dasar/result/1"),
    Scene("quiz-open", "taker", EXAM_PAGE),
    Scene("attempt", "taker", f"{EXAM_PAGE}/attempt", _third_question),
    Scene("attempt-review", "taker", f"{EXAM_PAGE}/attempt", _look_back),
    Scene("result-failed", "taker", f"{EXAM_PAGE}/result/1"),
    Scene("result-passed", "graduate", f"{EXAM_PAGE}/result/2"),
    Scene("home-finished", "graduate", "/"),
    Scene("me-waiting", "graduate", "/me"),
    Scene("me", "holder", "/me"),
    Scene("account", "holder", "/account"),
    Scene("account-refused", "holder", "/account", _wrong_old_password),
    Scene("account-looks", "holder", "/account/looks"),
    Scene("account-looks-none", "newcomer", "/account/looks"),
    Scene("queue", "admin", "/admin/certificates"),
    Scene("queue-picked", "admin", "/admin/certificates", _pick_two),
    Scene(
        "queue-decline", "admin", "/admin/certificates", lambda page, _: page.click("tbody a.btn >> nth=0")
    ),
    Scene("certificate-issued", "admin", "/admin/certificates/1"),
    Scene("certificate-revoked", "admin", "/admin/certificates/2"),
)
