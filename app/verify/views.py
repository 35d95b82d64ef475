"""Is this certificate real? By code or by file, for anyone; never by person. Nothing uploaded is kept."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import asker, db
from app.languages import chosen
from app.security import begins_late, public
from app.shells import hole, shell
from courses.certification.inspection import LARGEST, PdfTooLarge
from courses.certification.register import Status, Verification, verify_code, verify_file
from courses.certification.wording import UNCERTIFIED

blueprint = Blueprint("verify", __name__, url_prefix="/verify")


OWN = ("name", "masked_nip", "title", "number", "issuer", "reason")


@dataclass(frozen=True, slots=True)
class VerifyView:
    """An answer to a stranger, in words."""

    status: str
    name: str
    masked_nip: str
    title: str
    hours: Decimal | None
    number: str
    issued_on: date | None
    issuer: str
    kind_label: str
    reason: str
    revoked_at: datetime | None
    signature_label: str
    what_it_does_not_prove: str


@blueprint.get("/")
@public
def index() -> BaseResponse | str:
    """Ask by code or by file."""
    written = request.args.get("code", "").strip()
    if written:
        return redirect(url_for("verify.code", code=written[:100]), 303)
    return render_template("verify/index.html", result=None)


@blueprint.get("/<code>")
@public
def code(code: str) -> Response:
    """Answer for a code: one answer for every code that is not in the register."""
    found = verify_code(asker(), code)
    response = _page(_view(found))
    response.status_code = 404 if found.status is Status.UNKNOWN else 200
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.post("/")
@public
@begins_late
def upload() -> str | tuple[str, int]:
    """Answer for a file."""
    file = request.files.get("file")
    content = file.stream.read(LARGEST + 1) if file else b""
    if not content:
        return render_template("verify/index.html", result=None, error=gettext("Pilih berkas PDF-nya.")), 422
    try:
        found = verify_file(db.session(), content)
    except PdfTooLarge as refusal:
        words = gettext("Berkas ini terlalu besar. Ukuran terbesar yang kami terima 10 MB.")
        return render_template("verify/index.html", result=None, error=words), refusal.status
    return render_template("verify/index.html", result=_view(found))


def _page(view: VerifyView) -> Response:
    """The page of an answer; what names a person or a paper is filled in last, and never kept."""
    # Not by their bare names: those are the reader's in the menu.
    own = {f"paper_{name}": getattr(view, name) for name in OWN}
    holes: dict[str, Any] = {name: hole(f"paper_{name}") for name in OWN if getattr(view, name)}
    alike = replace(view, **holes)
    return shell("verify/result.html", (chosen(), alike), lambda: {"result": alike}).answer(**own)


def _view(found: Verification) -> VerifyView:
    known = found.status in {Status.VALID, Status.REVOKED}
    return VerifyView(
        status=found.status.value,
        name=found.name,
        masked_nip=found.masked_nip,
        title=found.title,
        hours=found.hours,
        number=found.number,
        issued_on=found.issued_on,
        issuer=found.issuer,
        kind_label=_kind(found.kind),
        reason=found.reason,
        revoked_at=found.revoked_at,
        signature_label=_signature(found.signature_label),
        what_it_does_not_prove=_limits() if known else "",
    )


def _signature(label: str) -> str:
    """The frozen label in the reader's language, where it is one that we know."""
    said = gettext("Ditandatangani secara elektronik (tidak tersertifikasi).")
    return said if label == UNCERTIFIED else label


def _kind(kind: str) -> str:
    return {"lulus": gettext("Kelulusan"), "keikutsertaan": gettext("Keikutsertaan")}.get(kind, "")


def _limits() -> str:
    return gettext(
        "Halaman ini membuktikan bahwa penerbit mencatat sertifikat itu. "
        "Ia tidak membuktikan bahwa orang yang menunjukkannya adalah pemiliknya; cocokkan nama dan NIP-nya."
    )
