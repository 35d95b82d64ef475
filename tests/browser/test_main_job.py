"""The whole path, once, as people walk it: from signing in on a phone to a certificate a stranger checks."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from app.cli.demo import PEOPLE
from app.extensions import db
from courses.certification.models import SigningKeyRow
from tests.browser import judges
from tests.browser.scenes import flipped
from tests.browser.server import eventually
from tests.browser.walks import Learner
from tests.browser.watching import DESK, PHONE

ASN, ADMIN = PEOPLE
COURSE = "Pembinaan ASN berkelanjutan"


def test_from_signing_in_to_a_certificate_that_a_stranger_checks(server, look, tmp_path):
    phone = look(server.url, **PHONE).new_page()
    asn = Learner(phone, server)
    _enrol(asn)
    assert len(asn.read_on_until("ujian-akhir")) == 14
    _fail(asn)
    _pass(asn)
    phone.goto("/me")
    _until(phone, "Menunggu persetujuan")

    desk = look(server.url, **DESK).new_page()
    _approve(Learner(desk, server))
    _until(phone, "Unduh PDF")
    pdf = _download(phone, tmp_path)
    address = _judged(server, pdf)

    stranger = look(server.url, **PHONE).new_page()
    _check(stranger, address, pdf, "Sertifikat ini asli dan berlaku")
    _upload(stranger, flipped(pdf.read_bytes()))
    expect(stranger.get_by_role("heading", name="Berkas ini tidak sama")).to_be_visible()
    _revoke(desk)
    _check(stranger, address, pdf, "Sertifikat ini sudah dicabut")
    expect(stranger.locator(".status")).to_contain_text("Nama keliru")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Nama keliru")


def _enrol(asn: Learner) -> None:
    asn.page.goto("/")
    asn.page.get_by_role("link", name="Masuk untuk belajar").click()
    assert ASN.nip is not None
    asn.sign_in(f"{ASN.nip[:8]} {ASN.nip[8:]}")
    expect(asn.page.get_by_role("heading", level=1)).to_contain_text("Baiq Nurul Aini")
    asn.page.get_by_role("link", name="Pilih pelatihan").click()
    asn.page.get_by_role("link", name=COURSE).click()
    asn.page.get_by_role("button", name="Ikuti pelatihan ini").click()
    expect(asn.page.get_by_role("status")).to_contain_text("Anda sudah terdaftar")


def _fail(asn: Learner) -> None:
    asn.page.get_by_role("button", name="Mulai mengerjakan").click()
    asn.hand_in()
    expect(asn.page.get_by_role("heading", name="Belum lulus kali ini")).to_be_visible()
    expect(asn.page.locator(".score")).to_contain_text("0%")
    expect(asn.page.locator(".given.right, .given.wrong")).to_have_count(0)


def _pass(asn: Learner) -> None:
    asn.page.get_by_role("button", name="Kerjakan lagi").click()
    asn.answer(asn.answers())
    asn.hand_in()
    expect(asn.page.get_by_role("heading", name="Anda lulus")).to_be_visible()
    expect(asn.page.locator(".score")).to_contain_text("100%")


def _approve(admin: Learner) -> None:
    admin.page.goto("/admin/certificates")
    assert ADMIN.email is not None
    admin.sign_in(ADMIN.email)
    admin.page.get_by_label(f"Pilih {ASN.name}").check()
    admin.page.get_by_role("button", name="Setujui yang dipilih").click()
    expect(admin.page.get_by_role("status").first).to_contain_text("1 sertifikat disetujui")
    expect(admin.page.get_by_label(f"Pilih {ASN.name}")).to_have_count(0)


def _until(page: Page, words: str) -> None:
    """Reload, as the page says one should, until the words are there."""

    def there() -> bool:
        page.reload()
        return page.get_by_text(words).first.is_visible()

    assert eventually(there), words


def _download(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh PDF").click()
    target = folder / "sertifikat.pdf"
    waiting.value.save_as(target)
    assert re.fullmatch(r"sertifikat-[A-Za-z0-9-]+\.pdf", waiting.value.suggested_filename)
    return target


def _judged(server, pdf: Path) -> str:
    """What independent judges say; returns the address to check it at."""
    said = judges.pdfsig(pdf)
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    with server.inside():
        (certificate,) = db.session.query(SigningKeyRow.certificate_pem).one()
    status = judges.pyhanko(pdf.read_bytes(), certificate)
    assert status.bottom_line, status.summary()
    words = judges.text_of(pdf)
    assert ASN.name in words
    code = re.search(r"Kode ([0-9a-z]{26})", words)
    assert code is not None
    address = f"{server.url}/verify/{code[1]}"
    assert judges.qr_of(pdf) in {address, None}
    return address


def _check(page: Page, address: str, pdf: Path, verdict: str) -> None:
    """By the address in the QR code, by the code as one types it, and by the file."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(verdict)
    expect(page.locator("main")).to_contain_text(ASN.name)
    page.get_by_role("link", name="Periksa sertifikat lain").click()
    page.get_by_label("Kode verifikasi").fill(address.rpartition("/")[2].upper())
    page.get_by_role("button", name="Periksa kode").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(verdict)
    _upload(page, pdf.read_bytes())
    expect(page.get_by_role("heading", name=verdict)).to_be_visible()


def _upload(page: Page, content: bytes) -> None:
    page.goto("/verify/")
    page.get_by_label("Berkas sertifikat").set_input_files(
        {"name": "dari-pelamar.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name="Periksa berkas").click()


def _revoke(admin: Page) -> None:
    admin.reload()
    admin.get_by_role("link", name="/BKPSDM/").first.click()
    admin.get_by_label("Alasan pencabutan").fill("Nama keliru")
    admin.get_by_role("button", name="Cabut sertifikat ini").click()
    expect(admin.get_by_role("status").first).to_contain_text("Sertifikat dicabut")
