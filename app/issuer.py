"""Who issues certificates, from the settings: for the admin's desk, the worker and the commands."""

from decimal import Decimal

from app.services import settings
from courses.certification.issuing import Issuer


def issuer() -> Issuer:
    """The issuer of the current application."""
    said = settings()
    return Issuer(
        institution=said.institution,
        issuer=said.issuer,
        city=said.city,
        signer_name=said.signer_name,
        signer_nip=said.signer_nip,
        signer_position=said.signer_position,
        pattern=said.certificate_pattern,
        classification=said.certificate_classification,
        unit=said.certificate_unit,
        base_url=said.public_url,
        zone=said.zone,
        hours_per_day=Decimal(said.hours_a_day),
    )
