"""People, their sessions and signing in: one answer for known and unknown, and ended means gone at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.database import begin_writing
from courses.people.models import Person, PersonNumber, RoleGrant, SignIn, SignInFailure, Unit
from courses.people.persons import NewPerson, PersonExists, create_person, current_nip
from courses.people.sessions import (
    SignedIn,
    close_all,
    close_session,
    open_session,
    signed_in,
    token_hash,
    touch,
)
from courses.people.signing_in import (
    MOST_PER_ADDRESS,
    MOST_PER_IDENTIFIER,
    WINDOW,
    Candidate,
    SignInRefused,
    TooManyFailures,
    admit,
    look_up,
    note_failure,
)
from tests.services.crowd import at_once, second_while_first_is_open, writing

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ADDRESS = "203.0.113.7"
SECOND = timedelta(seconds=1)
Clock = Callable[[timedelta], None]


@pytest.fixture
def at(session):
    """The clock, held at noon; calling it moves it to so long after noon."""
    with clock.pinned(NOON) as move:
        yield lambda later: move(NOON + later)


def found(identifier: str, address: str = ADDRESS) -> Candidate:
    with Session(db.engine) as session:
        return look_up(session, identifier, address)


def behind(token: str) -> SignedIn | None:
    with Session(db.engine) as session:
        return signed_in(session, token)


def opened(person_id: int) -> str:
    return writing(lambda session: open_session(session, person_id, 30))


def made(new: NewPerson) -> int:
    return writing(lambda session: create_person(session, new))


def count(model: type) -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


class TestMakingPeople:
    NEW = NewPerson("Siti", "199001012015032002", "Siti@Example.id", unit="Dinas Kesehatan", roles=("admin",))

    def test_a_person_comes_with_number_unit_and_roles(self, session, at):
        person_id = made(self.NEW)
        person = session.get_one(Person, person_id)
        assert (person.name, person.email, person.created_at) == ("Siti", "siti@example.id", NOON)
        assert session.get_one(Unit, person.unit_id).name == "Dinas Kesehatan"
        assert current_nip(session, person_id) == "199001012015032002"
        assert session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id)).all() == [
            "admin"
        ]

    def test_a_person_may_have_neither_number_nor_address(self, session):
        person_id = made(NewPerson("Pengajar tamu"))
        assert current_nip(session, person_id) == ""

    def test_two_people_share_a_unit(self, app):
        for name in ("A", "B"):
            made(NewPerson(name, unit="Bappeda"))
        assert count(Unit) == 1

    def test_eight_people_of_a_new_unit_at_once_make_one_unit(self, app):
        ids = at_once(8, lambda session: create_person(session, NewPerson("A", unit="Bappeda")))
        assert all(isinstance(person_id, int) for person_id in ids)
        assert count(Unit) == 1

    @pytest.mark.parametrize(
        "again",
        [
            NewPerson("Lain", nip="198704122011012003"),
            NewPerson("Lain", email="nurul@example.id"),
            NewPerson("Lain", email="NURUL@EXAMPLE.ID"),
            NewPerson("Lain", email=" nurul@example.id "),
        ],
    )
    def test_a_number_or_an_address_belongs_to_one_person(self, session, learner, again):
        begin_writing(session)
        with pytest.raises(PersonExists):
            create_person(session, again)
        session.commit()
        assert count(Person) == 1  # nothing half made, and the transaction lives on

    @pytest.mark.parametrize("wrong", [NewPerson("A", nip="123"), NewPerson("A", roles=("raja",))])
    def test_a_mistake_of_ours_is_not_taken_for_somebody_elses_number(self, session, wrong):
        begin_writing(session)
        with pytest.raises(IntegrityError):
            create_person(session, wrong)

    def test_the_number_of_a_person_is_the_one_that_has_not_ended(self, session, learner, at):
        begin_writing(session)
        session.execute(update(PersonNumber).values(ended_at=NOON))
        session.add(PersonNumber(person_id=learner.id, number="198704122020212001", started_at=NOON))
        session.flush()
        assert current_nip(session, learner.id) == "198704122020212001"


class TestSessions:
    def test_a_token_leads_to_its_person_with_unit_and_roles(self, admin, at):
        token = opened(admin.id)
        person = behind(token)
        assert person is not None
        assert (person.id, person.name, person.unit_name, person.language, person.roles) == (
            admin.id,
            admin.name,
            "Dinas Pendidikan",
            "id",
            frozenset({"admin"}),
        )
        assert person.seen_at == NOON

    def test_the_roles_of_others_are_not_theirs(self, admin, learner):
        person = behind(opened(learner.id))
        assert person is not None
        assert (person.id, person.roles, person.is_admin) == (learner.id, frozenset(), False)

    def test_the_token_itself_is_stored_nowhere(self, session, learner):
        token = opened(learner.id)
        row = session.scalars(select(SignIn)).one()
        assert row.token_hash == token_hash(token)
        assert token not in str(vars(row))
        assert len(token) == 43  # 256 bits

    @pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1 --", "%", "a" * 100_000])
    def test_no_other_token_leads_anywhere(self, learner, token):
        opened(learner.id)
        assert behind(token) is None

    def test_the_hash_of_a_token_is_not_a_token(self, learner):
        token = opened(learner.id)
        assert behind(token_hash(token)) is None

    def test_a_session_ends_on_its_day(self, learner, at):
        token = opened(learner.id)
        at(timedelta(days=30) - SECOND)
        assert behind(token) is not None
        at(timedelta(days=30))
        assert behind(token) is None

    def test_a_disabled_person_is_out_at_once(self, learner, at):
        token = opened(learner.id)
        writing(lambda session: session.execute(update(Person).values(disabled_at=NOON)))
        assert behind(token) is None

    def test_signing_out_ends_this_session_and_no_other(self, learner, other_learner):
        mine, phone, theirs = (opened(who.id) for who in (learner, learner, other_learner))
        writing(lambda session: close_session(session, token_hash(mine)))
        assert [behind(token) is not None for token in (mine, phone, theirs)] == [False, True, True]

    def test_a_changed_password_ends_every_session_of_the_person(self, learner, other_learner):
        mine, phone, theirs = (opened(who.id) for who in (learner, learner, other_learner))
        writing(lambda session: close_all(session, learner.id))
        assert [behind(token) is not None for token in (mine, phone, theirs)] == [False, False, True]

    def test_touching_notes_the_time_and_does_not_lengthen_the_session(self, session, learner, at):
        phone, token = opened(learner.id), opened(learner.id)
        at(timedelta(hours=1))
        writing(lambda session: touch(session, token_hash(token)))
        assert session.get_one(SignIn, token_hash(phone)).seen_at == NOON
        row = session.get_one(SignIn, token_hash(token))
        assert (row.seen_at, row.expires_at) == (NOON + timedelta(hours=1), NOON + timedelta(days=30))

    def test_no_unit_and_no_role_is_a_person_too(self, app):
        person_id = made(NewPerson("Tamu"))
        person = behind(opened(person_id))
        assert person is not None
        assert (person.unit_name, person.roles, person.is_admin) == ("", frozenset(), False)


class TestSigningIn:
    @pytest.mark.parametrize(
        "written",
        ["198704122011012003", "19870412 201101 2 003", "nurul@example.id", " Nurul@Example.ID"],
    )
    def test_a_person_is_found_by_number_or_address(self, learner, written):
        assert found(written).person_id == learner.id
        assert found(written).password_hash is not None

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "%",
            "_" * 18,
            "19870412201101200_",
            "%@example.id",
            "198704122011012003' OR 1=1--",
            "１９８７０４１２２０１１０１２００３",
            "nurul",
            "nurul@example.id\x00",
            "\x00",
            "\ud800@example.id",
            "a" * 100_000,
        ],
    )
    def test_nobody_else_is_found_whatever_is_typed(self, learner, written):
        candidate = found(written)
        assert (candidate.person_id, candidate.password_hash) == (None, None)

    def test_a_former_number_still_leads_to_its_person(self, learner, at):
        writing(lambda session: session.execute(update(PersonNumber).values(ended_at=NOON)))
        assert found(learner.nip).person_id == learner.id

    def test_a_disabled_person_is_nobody(self, learner, at):
        writing(lambda session: session.execute(update(Person).values(disabled_at=NOON)))
        assert found(learner.nip) == Candidate(found(learner.nip).identifier_hash, None, None)

    def test_admitting_opens_a_session(self, learner):
        candidate = found(learner.nip)
        person = behind(writing(lambda session: admit(session, candidate, 30)))
        assert person is not None
        assert person.id == learner.id

    @pytest.mark.parametrize(
        "meanwhile",
        [{"disabled_at": NOON}, {"password_hash": "another"}, {"password_hash": None}],
    )
    def test_who_was_disabled_or_changed_the_password_meanwhile_is_refused(self, learner, meanwhile):
        candidate = found(learner.nip)
        writing(lambda session: session.execute(update(Person).values(meanwhile)))
        with pytest.raises(SignInRefused):
            writing(lambda session: admit(session, candidate, 30))
        assert count(SignIn) == 0

    def test_nobody_is_refused_in_the_same_words(self, app):
        with pytest.raises(SignInRefused) as refusal:
            writing(lambda session: admit(session, Candidate("0" * 64, None, None), 30))
        assert refusal.value.facts == {}

    def test_a_password_changed_at_the_same_moment_lets_no_old_session_live(self, learner):
        candidate = found(learner.nip)

        def change(session: Session) -> None:
            session.execute(update(Person).where(Person.id == learner.id).values(password_hash="new"))
            close_all(session, learner.id)

        outcome = second_while_first_is_open(change, lambda session: admit(session, candidate, 30))
        assert isinstance(outcome, SignInRefused)
        admitted = found(learner.nip)
        second_while_first_is_open(lambda session: admit(session, admitted, 30), change)
        assert count(SignIn) == 0


class TestFailures:
    def fail(self, identifier: str, times: int, address: str = ADDRESS) -> None:
        self.note([found(identifier, address)] * times, address)

    def note(self, candidates: list[Candidate], address: str) -> None:
        def note_all(session: Session) -> None:
            for candidate in candidates:
                note_failure(session, candidate, address)

        writing(note_all)

    @pytest.mark.parametrize("identifier", ["198704122011012003", "nurul@example.id", "404@example.id"])
    def test_after_so_many_failures_known_and_unknown_wait_alike(self, learner, at, identifier):
        self.fail(identifier, MOST_PER_IDENTIFIER)
        with pytest.raises(TooManyFailures) as refusal:
            found(identifier)
        assert (refusal.value.status, refusal.value.facts) == (429, {"minutes": 15})

    def test_one_failure_less_is_still_let_through(self, learner, at):
        self.fail(learner.nip, MOST_PER_IDENTIFIER - 1)
        assert found(learner.nip).person_id == learner.id

    def test_another_spelling_of_a_name_is_the_same_name(self, learner, at):
        self.fail("19870412 201101 2 003", MOST_PER_IDENTIFIER)
        with pytest.raises(TooManyFailures):
            found("19870412.201101.2.003")

    def test_failures_of_one_name_do_not_stop_another(self, learner, other_learner, at):
        self.fail(learner.nip, MOST_PER_IDENTIFIER)
        assert found(other_learner.nip).person_id == other_learner.id

    def test_many_names_from_one_address_stop_the_address_and_no_other(self, learner, at):
        self.note([Candidate(f"{n:064}", None, None) for n in range(MOST_PER_ADDRESS)], ADDRESS)
        with pytest.raises(TooManyFailures):
            found(learner.nip)
        assert found(learner.nip, "203.0.113.8").person_id == learner.id

    def test_a_name_is_stopped_from_every_address(self, learner, at):
        for n in range(MOST_PER_IDENTIFIER):
            self.fail(learner.nip, 1, f"203.0.113.{n}")
        with pytest.raises(TooManyFailures):
            found(learner.nip, "198.51.100.1")

    def test_failures_are_forgotten_after_the_window(self, learner, at):
        self.fail(learner.nip, MOST_PER_IDENTIFIER)
        at(WINDOW - SECOND)
        with pytest.raises(TooManyFailures):
            found(learner.nip)
        at(WINDOW)
        assert found(learner.nip).person_id == learner.id

    def test_what_was_typed_and_from_where_is_stored_nowhere(self, session, learner):
        self.fail(learner.nip, 1)
        row = session.scalars(select(SignInFailure)).one()
        assert learner.nip not in str(vars(row))
        assert ADDRESS not in str(vars(row))
