"""The words of letters, in the language of whoever gets them."""

from flask_babel import force_locale, gettext

from app.formats import datetime_long
from app.services import settings
from courses.notices import Letter
from courses.people.resetting import Recipient


def about_password(to: Recipient, reset_id: int, token: str) -> Letter:
    """The letter with the way to a new password: the only place where the token can be read."""
    with force_locale(to.language):
        words = gettext(
            "Yth. %(name)s,\n\n"
            "Seseorang, mungkin Anda sendiri, meminta agar kata sandi akun Bina Anda diganti. "
            "Bila itu Anda, buka tautan ini paling lambat %(until)s:\n\n"
            "%(address)s\n\n"
            "Tautan ini hanya berlaku satu kali. Setelah kata sandi diganti, semua sesi Anda berakhir.\n\n"
            "Bila bukan Anda, abaikan surat ini: kata sandi Anda tidak berubah.\n",
            name=to.name,
            until=datetime_long(to.until),
            address=f"{settings().public_url}/reset/{token}",
        )
        return Letter(f"reset-{reset_id}", to.email, gettext("Kata sandi baru untuk Bina"), words)
