"""From a refusal to what a person reads: one table of sentences, one page, the text of a form kept.

A refusal not in the table gets the sentence of its status. Nothing is swallowed: what nobody foresaw is
logged with a reference that the page shows.
"""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException, InternalServerError

from app.extensions import db
from app.logs import request_id
from app.security import treat_as_nobody
from courses import randomness
from courses.database import disk_is_full
from courses.errors import Refusal

log = logging.getLogger(__name__)
Sentence = Callable[[Refusal], str]
FAULT = 500
UNAVAILABLE = 503
COME_BACK = {"Retry-After": "5"}

SENTENCES: dict[str, Sentence] = {
    "SignInRefused": lambda _: gettext("NIP atau surel dan kata sandi tidak cocok. Periksa lagi keduanya."),
    "TooManyFailures": lambda refusal: gettext(
        "Terlalu banyak percobaan masuk. Tunggu hingga %(minutes)s menit, lalu coba lagi.",
        minutes=refusal.facts["minutes"],
    ),
    "TooManyResets": lambda refusal: gettext(
        "Terlalu banyak permintaan. Tunggu hingga %(minutes)s menit, lalu coba lagi.",
        minutes=refusal.facts["minutes"],
    ),
    "AttemptsUsedUp": lambda _: gettext("Semua kesempatan untuk kuis ini sudah dipakai."),
    "AlreadyPassed": lambda _: gettext("Anda sudah lulus kuis ini."),
    "AttemptClosed": lambda _: gettext("Percobaan ini sudah dikumpulkan. Lihat hasilnya di halaman kuis."),
    "StepLocked": lambda _: gettext("Langkah ini terbuka setelah langkah sebelumnya selesai."),
    "ReusedOperation": lambda _: gettext(
        "Formulir ini sudah pernah dikirim dengan isi yang berbeda. Muat ulang halaman, lalu kirim lagi."
    ),
    "OperationMissing": lambda _: gettext(
        "Formulir ini tidak terkirim dengan lengkap. Muat ulang halaman, lalu kirim lagi."
    ),
    "AnswerNotMeant": lambda _: gettext(
        "Ada jawaban yang bukan dari halaman ini. Muat ulang halaman kuis, lalu kirim lagi."
    ),
    "AlreadyIssued": lambda _: gettext("Sertifikat untuk orang ini sudah disetujui sebelumnya."),
    "AlreadyDecided": lambda _: gettext("Permintaan ini sudah diputuskan sebelumnya."),
    "ReasonMissing": lambda _: gettext("Tuliskan alasannya, paling banyak 500 karakter."),
    "CodeRefused": lambda _: gettext(
        "NIP dan kode tidak cocok, atau kodenya sudah tidak berlaku. Periksa lagi keduanya."
    ),
    "PasswordChanged": lambda _: gettext(
        "Kata sandi Anda baru saja berubah di tempat lain. Muat ulang halaman, lalu coba lagi."
    ),
    "UnknownDisplay": lambda _: gettext("Pilih bahasa dan tampilan dari pilihan yang ada."),
    "HoldsRole": lambda _: gettext("Orang ini memegang peran, jadi akunnya hanya dapat diubah oleh admin."),
    "LastAdmin": lambda _: gettext("Ini admin terakhir. Jadikan orang lain admin terlebih dahulu."),
    "NotYourself": lambda _: gettext("Anda tidak dapat menonaktifkan akun Anda sendiri."),
    "NotRevocable": lambda _: gettext("Sertifikat ini sudah tidak berlaku, jadi tidak dapat dicabut lagi."),
    "StoreUnavailable": lambda refusal: _no_room() if refusal.facts.get("full") else _by_status(503)[1],
}


def sentence(refusal: Refusal) -> str:
    """What a person reads about a refusal."""
    known = SENTENCES.get(refusal.code)
    return known(refusal) if known else _by_status(refusal.status)[1]


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    for trouble in (OperationalError, InterfaceError, NoConnectionLeft):
        app.register_error_handler(trouble, _database_away)
    app.register_error_handler(Exception, _unforeseen)


def _refused(refusal: Refusal) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    page, status = _page(refusal.status, sentence(refusal))
    return page, status, COME_BACK if status == UNAVAILABLE else {}


def _http(error: HTTPException) -> Any:
    db.session.rollback()
    if error.response is not None:
        return error.response
    code = error.code or 500
    shown = 404 if code == 405 and request.method in {"GET", "HEAD"} else code
    return _page(shown, None)


def _database_away(error: SQLAlchemyError) -> tuple[str, int, dict[str, str]]:
    db.session.remove()
    treat_as_nobody()
    log.warning("the database did not answer: %s", error)
    full = isinstance(error, DBAPIError) and disk_is_full(error)
    page, status = _page(UNAVAILABLE, _no_room() if full else None)
    return page, status, COME_BACK


def _unforeseen(error: Exception) -> tuple[str, int]:
    reference = request_id() or randomness.token(6)
    log.error("unforeseen error %s", reference, exc_info=error)
    db.session.rollback()
    return _page(InternalServerError.code, None, reference)


def _page(status: int, words: str | None, reference: str | None = None) -> tuple[str, int]:
    title, text = _by_status(status)
    page = render_template(
        "errors/error.html", code=status, title=title, text=words or text, reference=reference
    )
    return page, status


def _no_room() -> str:
    return gettext(
        "Ruang simpan di server sedang penuh, jadi kiriman Anda belum tersimpan. Yang sudah tersimpan tetap "
        "aman. Beri tahu pengelola, lalu kirim lagi."
    )


def _by_status(status: int) -> tuple[str, str]:
    """The title and the sentence of a status."""
    known = {
        400: (
            gettext("Permintaan itu tidak dapat dibaca"),
            gettext("Muat ulang halaman sebelumnya. Bila tadi Anda mengisi formulir, kirim sekali lagi."),
        ),
        403: (gettext("Tidak dapat dilanjutkan"), gettext("Langkah ini belum terbuka untuk Anda.")),
        404: (
            gettext("Halaman ini tidak ada"),
            gettext("Alamatnya mungkin salah ketik, atau halamannya bukan untuk akun Anda."),
        ),
        409: (
            gettext("Keadaannya sudah berubah"),
            gettext(
                "Orang lain atau tab lain mendahului Anda. Muat ulang halaman untuk melihat keadaan terbaru."
            ),
        ),
        413: (
            gettext("Terlalu besar"),
            gettext("Berkas atau isian Anda melebihi ukuran yang kami terima."),
        ),
        422: (
            gettext("Ada isian yang perlu diperiksa"),
            gettext("Kembali ke halaman sebelumnya dan periksa isiannya."),
        ),
        429: (gettext("Terlalu sering"), gettext("Tunggu sebentar, lalu coba lagi.")),
        503: (
            gettext("Bina sedang tidak dapat melayani"),
            gettext("Yang sudah tersimpan tetap aman. Cobalah beberapa saat lagi."),
        ),
    }
    unknown = (
        gettext("Ada yang tidak berjalan semestinya"),
        gettext("Kesalahan ini ada pada kami dan sudah tercatat. Yang sudah tersimpan aman."),
    )
    return known.get(status, unknown if status >= FAULT else known[400])
