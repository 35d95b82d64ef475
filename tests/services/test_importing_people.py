"""A judged sheet becomes people: all at once or not at all, by whom it may, with what changed meanwhile."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from courses import audit, clock
from courses.audit.models import AuditEntry
from courses.database import begin_writing
from courses.people.finding import Sought, find
from courses.people.importing import bringing_in
from courses.people.importing.bringing_in import AlreadyBroughtIn, ImportNotFound, SheetHasProblems
from courses.people.importing.models import PeopleImport
from courses.people.importing.sheets import read_sheet
from courses.people.models import Person, PersonNumber, Unit
from courses.people.persons import NewPerson, PersonExists, create_people, create_person
from courses.people.roles import Role, grant
from courses.people.sessions import SignedIn, open_session, signed_in
from courses.people.units import add_unit
from tests.sheets import BUDI, HEADINGS, SITI, csv_of

TODAY = date(2026, 11, 24)


@pytest.fixture
def writing(session):
    begin_writing(session)
    return session


@pytest.fixture
def admin(writing) -> SignedIn:
    return seen(writing, create_person(writing, NewPerson("Satria", roles=("admin",))))


@pytest.fixture
def keeper(writing) -> SignedIn:
    """The office admin of Dinas Satu, with a school below; there is a Dinas Dua beside it."""
    office = add_unit(writing, "Dinas Satu", None, by=0)
    add_unit(writing, "Sekolah", office, by=0)
    add_unit(writing, "Dinas Dua", None, by=0)
    person_id = create_person(writing, NewPerson("Ayu", unit_id=office))
    grant(writing, person_id, Role("office_admin", unit_id=office), by=0)
    return seen(writing, person_id)


def seen(session, person_id) -> SignedIn:
    found = signed_in(session, open_session(session, person_id, 1))
    assert found is not None
    return found


def check(session, who, *rows):
    return bringing_in.check(session, who, read_sheet(csv_of([HEADINGS, *rows])), TODAY)


def said(checked_or_refusal):
    return [(one.row, one.column.title, one.code) for one in checked_or_refusal.problems]


def in_unit(unit, of=SITI):
    return [unit if heading == "Unit" else text for heading, text in zip(HEADINGS, of, strict=True)]


def test_people_come_in_with_all_that_was_said_and_are_found_at_once(writing, admin):
    add_unit(writing, "Dinas Satu", None, by=0)
    kept = bringing_in.keep(writing, admin, check(writing, admin, in_unit("Dinas Satu"), BUDI).entries)
    assert bringing_in.bring_in_kept(writing, admin, kept) == 2
    siti, budi = (writing.get_one(Person, one) for one in bringing_in.kept(writing, admin, kept).people)
    assert (siti.name, siti.email, siti.rank, siti.grade, siti.position, siti.password_hash) == (
        "Siti Aminah, S.Pd.",
        "siti@example.id",
        "Penata Muda",
        "III/a",
        "Guru",
        None,
    )
    assert writing.get_one(Unit, siti.unit_id).name == "Dinas Satu"
    assert (budi.unit_id, budi.email) == (None, None)
    numbers = select(PersonNumber.number).where(PersonNumber.person_id == budi.id)
    assert writing.scalars(numbers).all() == [BUDI[0]]
    assert [one.name for one in find(writing, admin, Sought(text="amin"))] == ["Siti Aminah, S.Pd."]


def test_an_import_is_one_entry_of_the_trail_with_the_ids_of_all(writing, admin):
    kept = bringing_in.keep(writing, admin, check(writing, admin, SITI, BUDI).entries)
    bringing_in.bring_in_kept(writing, admin, kept)
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.act == "person.import")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (admin.id, "import", kept)
    assert entry.details == {"people": list(bringing_in.kept(writing, admin, kept).people)}
    assert list(audit.check(writing)) == []


def test_who_is_here_is_a_problem_also_by_a_number_they_had(writing, admin):
    person_id = create_person(writing, NewPerson("Lama", nip=SITI[0], email="siti@example.id"))
    writing.scalars(
        select(PersonNumber).where(PersonNumber.person_id == person_id)
    ).one().ended_at = clock.now()
    assert said(check(writing, admin, BUDI, SITI)) == [(3, "NIP", "known"), (3, "Email", "known")]


def test_what_changed_since_it_was_shown_keeps_everybody_out(writing, admin):
    unit = add_unit(writing, "Dinas Satu", None, by=0)
    kept = bringing_in.keep(writing, admin, check(writing, admin, in_unit("Dinas Satu"), BUDI).entries)
    create_person(writing, NewPerson("Lebih dahulu", nip=BUDI[0], unit_id=unit))
    people = writing.scalar(select(func.count()).select_from(Person))
    with pytest.raises(SheetHasProblems) as caught:
        bringing_in.bring_in_kept(writing, admin, kept)
    assert said(caught.value) == [(3, "NIP", "known")]
    assert writing.scalar(select(func.count()).select_from(Person)) == people
    assert not bringing_in.kept(writing, admin, kept).is_done


def test_nobody_of_many_comes_in_when_one_is_taken(writing):
    create_person(writing, NewPerson("Ada", email="ada@example.id"))
    people = writing.scalar(select(func.count()).select_from(Person))
    with pytest.raises(PersonExists) as caught:
        create_people(writing, [NewPerson("Baru", nip=SITI[0]), NewPerson("Ganda", email="ADA@example.id")])
    assert caught.value.facts == {}
    assert writing.scalar(select(func.count()).select_from(Person)) == people
    assert writing.scalar(select(func.count()).select_from(PersonNumber)) == 0


def test_an_office_admin_brings_people_into_her_office_only(writing, keeper):
    rows = [in_unit("Sekolah"), in_unit("Dinas Dua", BUDI)]
    assert said(check(writing, keeper, *rows)) == [(3, "Unit", "unit-unknown")]
    assert said(check(writing, keeper, SITI)) == [(2, "Unit", "unit-missing")]
    assert said(check(writing, keeper, in_unit("sekolah"))) == []


def test_an_office_that_was_taken_from_her_meanwhile_keeps_them_out(writing, keeper, admin):
    entries = check(writing, admin, in_unit("Dinas Dua")).entries
    kept = bringing_in.keep(writing, keeper, entries)
    with pytest.raises(SheetHasProblems) as caught:
        bringing_in.bring_in_kept(writing, keeper, kept)
    assert said(caught.value) == [(2, "Unit", "unit-unknown")]


def test_an_import_is_its_own_admins_and_happens_once(writing, admin, keeper):
    kept = bringing_in.keep(writing, admin, check(writing, admin, SITI).entries)
    for act in (bringing_in.kept, bringing_in.bring_in_kept):
        with pytest.raises(ImportNotFound):
            act(writing, keeper, kept)
    bringing_in.bring_in_kept(writing, admin, kept)
    with pytest.raises(AlreadyBroughtIn):
        bringing_in.bring_in_kept(writing, admin, kept)


def test_a_new_sheet_takes_the_place_of_the_one_that_waited_and_a_day_ends_all(writing, admin, keeper):
    entries = check(writing, admin, SITI).entries
    done = bringing_in.keep(writing, admin, entries)
    bringing_in.bring_in_kept(writing, admin, done)
    first = bringing_in.keep(writing, admin, check(writing, admin, BUDI).entries)
    theirs = bringing_in.keep(writing, keeper, check(writing, admin, BUDI).entries)
    second = bringing_in.keep(writing, admin, check(writing, admin, BUDI).entries)
    with pytest.raises(ImportNotFound):
        bringing_in.kept(writing, admin, first)
    assert set(writing.scalars(select(PeopleImport.id))) == {done, theirs, second}
    with clock.pinned(clock.now() + timedelta(days=1, minutes=1)):
        bringing_in.keep(writing, admin, entries)
    assert theirs not in set(writing.scalars(select(PeopleImport.id)))
    assert bringing_in.kept(writing, admin, done).is_done


def test_two_thousand_people_come_in_within_seconds(writing, admin):
    def row(number):
        return (
            f"19870412{2000 + number // 999}011{number % 999 + 1:03}",
            f"Orang {'abcdefghij'[number % 10]}",
        )

    rows = [("NIP", "Nama"), *map(row, range(1999))]
    checked = bringing_in.check(writing, admin, read_sheet(csv_of(rows)), TODAY)
    assert checked.problems == ()
    began = clock.now()
    assert len(bringing_in.bring_in(writing, checked.entries)) == 1999
    assert clock.now() - began < timedelta(seconds=10)
