"""The admin's desk: awards that wait, certificates that were numbered, and taking one back."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.extensions import db
from app.formats import date_long, number
from app.issuer import issuer
from app.security import person, requires
from app.well_formed import row_id
from app.writing import say, writes
from courses import audit
from courses.certification import issuing, listing, register
from courses.certification.document import CertificateContent
from courses.certification.models import Certificate
from courses.errors import Invalid
from courses.people.models import Person

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
LONGEST_REASON = 500
STATES = frozenset({"", "signing", "issued", "revoked"})


class ReasonMissing(Invalid):
    """A reason is needed, and not a novel."""


@dataclass(frozen=True, slots=True)
class CertificateDetail:
    """A certificate on its own page; `rows` are labels and what is printed."""

    id: int
    number: str
    state: str
    rows: tuple[tuple[str, str], ...]
    reason: str
    download_url: str | None
    verify_url: str | None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A line of a certificate's history."""

    text: str
    at: datetime
    actor_name: str


@blueprint.get("/")
@requires("certificates.decide")
def index() -> Response:
    """The desk begins with what waits."""
    return redirect(url_for("admin.queue"), 303)


@blueprint.get("/certificates")
@requires("certificates.decide")
def queue() -> str:
    """Awards that wait, and certificates by state, each paged by key."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    waiting = listing.waiting(db.session())
    issued = listing.numbered(db.session(), state, request.args.get("after", type=row_id))
    more = len(issued) > listing.PAGE
    return render_template(
        "admin/queue.html",
        waiting=waiting[: listing.PAGE],
        issued=issued[: listing.PAGE],
        state=state,
        next_key=issued[listing.PAGE - 1].id if more else None,
    )


@blueprint.post("/certificates/approve")
@requires("certificates.decide")
@writes
def approve() -> Response:
    """Approve the awards that were picked: all of them, or none and the reason."""
    picked = request.form.getlist("award", type=row_id)
    if not picked:
        say(gettext("Belum ada yang dipilih. Centang paling sedikit satu nama."), "warning")
        return redirect(url_for("admin.queue"), 303)
    issuing.approve_all(db.session(), picked, issuer(), by=person().id)
    count = len(set(picked))
    say(
        ngettext(
            "%(num)s sertifikat disetujui dan sedang dibuat.",
            "%(num)s sertifikat disetujui dan sedang dibuat.",
            count,
        )
    )
    return redirect(url_for("admin.queue"), 303)


@blueprint.post("/awards/<int:id>/decline")
@requires("certificates.decide")
@writes
def decline(id: int) -> Response:
    """Decline an award, with a reason for the person."""
    issuing.decline(db.session(), id, _reason(), by=person().id)
    say(gettext("Tidak disetujui. Yang bersangkutan dapat membaca alasannya."))
    return redirect(url_for("admin.queue"), 303)


@blueprint.get("/certificates/<int:id>")
@requires("certificates.decide")
def certificate(id: int) -> str:
    """A certificate: what is printed, its history, and how to take it back."""
    return _certificate_page(id, None)


@blueprint.post("/certificates/<int:id>/revoke")
@requires("certificates.revoke")
@writes
def revoke(id: int) -> Response | tuple[str, int]:
    """Revoke a certificate at once."""
    try:
        reason = _reason()
    except ReasonMissing as refusal:
        return _certificate_page(id, gettext("Tuliskan alasan pencabutan.")), refusal.status
    register.revoke(db.session(), id, reason, by=person().id)
    say(gettext("Sertifikat dicabut. Halaman verifikasi sudah menampilkannya."))
    return redirect(url_for("admin.certificate", id=id), 303)


def _certificate_page(certificate_id: int, error: str | None) -> str:
    found = db.session().get(Certificate, certificate_id)
    if found is None:
        raise register.CertificateNotFound(certificate=certificate_id)
    return render_template(
        "admin/certificate.html", certificate=_detail(found), history=_history(found), error=error
    )


def _reason() -> str:
    reason = " ".join(request.form.get("reason", "").split())
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing
    return reason


def _detail(found: Certificate) -> CertificateDetail:
    content = CertificateContent.from_json(found.content)
    signed = found.pdf_sha256 is not None
    return CertificateDetail(
        id=found.id,
        number=found.number,
        state=found.state,
        rows=tuple(_rows(content)),
        reason=found.revoked_why or "",
        download_url=url_for("me.download", code=found.code) if signed else None,
        verify_url=url_for("verify.code", code=found.code) if signed else None,
    )


def _rows(content: CertificateContent) -> list[tuple[str, str]]:
    rows = [
        (gettext("Nama"), content.name),
        (gettext("NIP"), content.nip),
        (gettext("Pangkat/golongan"), ", ".join(filter(None, (content.rank, content.grade)))),
        (gettext("Jabatan"), content.position),
        (gettext("Unit kerja"), content.unit),
        (gettext("Pelatihan"), content.title),
        (gettext("Beban belajar"), gettext("%(hours)s JP", hours=number(content.hours))),
        (gettext("Tanggal mulai"), date_long(content.begun_on)),
        (gettext("Tanggal selesai"), date_long(content.completed_on)),
        (gettext("Tanggal terbit"), date_long(content.issued_on)),
        (gettext("Penandatangan"), content.signer_name),
    ]
    return [(label, value) for label, value in rows if value]


def _history(found: Certificate) -> list[TrailLine]:
    acts = {
        "certificate.approve": gettext("Disetujui dan diberi nomor"),
        "certificate.sign": gettext("Ditandatangani"),
        "certificate.revoke": gettext("Dicabut"),
    }
    entries = audit.entries_about(db.session(), ("certificate", found.id))
    actors = select(Person.id, Person.name).where(Person.id.in_({entry.actor_id for entry in entries}))
    names = dict(db.session().execute(actors).all())
    return [
        TrailLine(acts[entry.act], entry.at, names.get(entry.actor_id, gettext("Sistem")))
        for entry in entries
    ]
