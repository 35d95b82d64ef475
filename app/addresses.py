"""Addresses that come from outside are only followed inside this site."""

from urllib.parse import urlsplit

from flask import request, url_for

LONGEST = 500


def local_path(target: str | None) -> str | None:
    """Return a path of this site that was asked for, or None when it would lead anywhere else.

    Browsers drop tabs and line breaks and read backslashes as slashes, so nothing of the kind passes.
    """
    if not target or len(target) > LONGEST or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) <= 32 or ord(character) == 127 for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


def sign_in_address() -> str:
    """The sign-in page, with the way back to what was asked for (the page of the form, for a form)."""
    reads = request.method in {"GET", "HEAD"}
    back = request.full_path.rstrip("?") if reads else _page_of_the_form()
    return url_for("account.login", next=local_path(back))


def _page_of_the_form() -> str:
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return "/"
    return parts.path if parts.netloc == request.host else "/"
