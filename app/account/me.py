"""A person's own page: courses, progress, certificates, hours of the year; and their documents."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from flask import Blueprint, render_template, send_file, url_for
from werkzeug.wrappers import Response

from app.courses_of import enrolled_cards
from app.extensions import db
from app.security import person, requires
from app.services import services, settings
from courses import clock
from courses.certification.listing import Held, held_by, hours_in_year
from courses.certification.register import document_of
from courses.certification.resting import Pace, resting
from courses.people.permissions import permits

blueprint = Blueprint("me", __name__)


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A certificate of a person, or the wait for it."""

    title: str
    number: str
    issued_on: date | None
    hours: Decimal
    state: str
    code: str
    download_url: str | None
    verify_url: str | None
    reason: str


@blueprint.get("/me")
@requires("learn")
def index() -> str:
    """Courses with progress, certificates with their state, the hours of this year."""
    year = clock.local_date(clock.now(), settings().zone).year
    return render_template(
        "account/me.html",
        courses=enrolled_cards(person().id),
        resting=resting(db.session(), person().id, Pace(Decimal(settings().hours_a_day), settings().zone)),
        hours_a_day=settings().hours_a_day,
        certificates=[_card(one) for one in held_by(db.session(), person().id)],
        year_hours=hours_in_year(db.session(), person().id, year),
        year_target=settings().hours_target,
    )


@blueprint.get("/me/certificates/<code>.pdf")
@requires("learn")
def download(code: str) -> Response:
    """The signed document, byte for byte, for its holder or an admin."""
    whose = None if permits("certificates.decide", person()) else person().id
    sha256, number = document_of(db.session(), code, whose)
    name = "sertifikat-" + "".join(c if c.isalnum() and c.isascii() else "-" for c in number) + ".pdf"
    return send_file(
        BytesIO(services().objects.get(sha256)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=name,
        etag=False,
    )


def _card(one: Held) -> CertificateCard:
    issued = one.state == "issued"
    return CertificateCard(
        title=one.title,
        number=one.number,
        issued_on=one.issued_on,
        hours=one.hours,
        state=one.state,
        code=one.code,
        download_url=url_for("me.download", code=one.code) if issued else None,
        verify_url=url_for("verify.code", code=one.code) if one.code else None,
        reason=one.reason,
    )
