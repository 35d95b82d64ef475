"""What people do with their own account: how pages look and speak, and their password."""

from sqlalchemy.orm import Session

from courses import audit
from courses.errors import Conflict, Invalid
from courses.people.models import Person
from courses.people.sessions import SignedIn, close_others, end_tokens

LANGUAGES = ("id", "en")
THEMES = ("light", "dark")


class UnknownDisplay(Invalid):
    """Pages do not look or speak like that."""


class PasswordChanged(Conflict):
    """The password became another while it was being changed."""


def choose_display(session: Session, person_id: int, language: str, theme: str) -> None:
    """Keep how a person wants pages to be.

    Args:
        session: a writing transaction.
        person_id: the person.
        language: one of `LANGUAGES`.
        theme: one of `THEMES`, or empty to follow the device.

    Raises:
        UnknownDisplay: neither of these.
    """
    if language not in LANGUAGES or (theme and theme not in THEMES):
        raise UnknownDisplay
    person = session.get_one(Person, person_id)
    person.language, person.theme = language, theme or None
    session.flush()


def change_password(session: Session, who: SignedIn, known: str | None, chosen: str) -> None:
    """Give a person another password, for their old one; every session but the one at hand ends.

    Args:
        session: a writing transaction.
        who: the person.
        known: the hash that the old password was compared with.
        chosen: the hash of the new one.

    Raises:
        PasswordChanged: the old password is not theirs any more.
    """
    person = session.get_one(Person, who.id, with_for_update=True, populate_existing=True)
    if known is None or person.password_hash != known:
        raise PasswordChanged
    person.password_hash = chosen
    close_others(session, who)
    end_tokens(session, who.id)
    session.flush()
    audit.record(session, "person.password", ("person", who.id), actor_id=who.id)
