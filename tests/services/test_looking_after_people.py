"""Who reaches whom, the tree of units, roles, and finding people by beginnings of words."""

import pytest
from sqlalchemy import select

from app.cli.demo import make_demo_people
from app.extensions import db
from courses import audit, clock
from courses.audit.models import AuditEntry
from courses.catalogue.models import CourseRow
from courses.database import begin_writing
from courses.people import finding
from courses.people.finding import Sought, find
from courses.people.models import Person, PersonNumber, RoleGrant
from courses.people.nip import parse_nip
from courses.people.persons import NewPerson, create_person
from courses.people.reach import HoldsRole, PersonNotFound, changeable, check_unit, reached
from courses.people.roles import GrantNotFound, LastAdmin, Role, ScopeMissing, grant, held_roles, take
from courses.people.sessions import SignedIn, open_session, signed_in
from courses.people.units import UnitExists, UnitNotFound, add_unit, rename_unit, tree


@pytest.fixture
def writing(session):
    begin_writing(session)
    return session


@pytest.fixture
def city(writing):
    """Two offices; below the first a school with a class."""
    first = add_unit(writing, "Dinas Satu", None, by=0)
    school = add_unit(writing, "Sekolah", first, by=0)
    add_unit(writing, "Kelas", school, by=0)
    add_unit(writing, "Dinas Dua", None, by=0)
    return {line.name: line.id for line in tree(writing)}


def somebody(session, name="Baiq Nurul Aini, S.Pd.", **more) -> int:
    return create_person(session, NewPerson(name, **more))


def seen_as(session, person_id) -> SignedIn:
    found = signed_in(session, open_session(session, person_id, 1))
    assert found is not None
    return found


def office_admin(session, city, office="Dinas Satu") -> SignedIn:
    person_id = somebody(session, "Ayu", unit_id=city[office])
    grant(session, person_id, Role("office_admin", unit_id=city[office]), by=0)
    return seen_as(session, person_id)


def admin(session) -> SignedIn:
    return seen_as(session, somebody(session, "Satria", roles=("admin",)))


class TestUnits:
    def test_the_tree_is_read_parents_first_and_by_name(self, writing, city):
        assert [(line.name, line.depth) for line in tree(writing)] == [
            ("Dinas Dua", 0),
            ("Dinas Satu", 0),
            ("Sekolah", 1),
            ("Kelas", 2),
        ]

    def test_an_office_is_read_with_all_below_it_and_nothing_else(self, writing, city):
        assert [line.name for line in tree(writing, [city["Sekolah"]])] == ["Sekolah", "Kelas"]
        assert tree(writing, []) == []

    def test_a_name_belongs_to_one_unit(self, writing, city):
        with pytest.raises(UnitExists):
            rename_unit(writing, city["Kelas"], "Sekolah", by=0)

    def test_what_is_not_there_is_neither_renamed_nor_a_parent(self, writing, city):
        with pytest.raises(UnitNotFound):
            rename_unit(writing, 404, "X", by=0)
        with pytest.raises(UnitNotFound):
            add_unit(writing, "X", 404, by=0)


class TestRoles:
    def test_a_session_carries_roles_with_their_offices_and_courses(self, writing, city):
        course = CourseRow(slug="arsip", created_at=clock.now())
        writing.add(course)
        person_id = somebody(writing, roles=("admin",))
        for role in (
            Role("office_admin", unit_id=city["Sekolah"]),
            Role("instructor", course_id=course_id(course)),
        ):
            grant(writing, person_id, role, by=0)
        who = seen_as(writing, person_id)
        assert who.roles == {"admin", "office_admin", "instructor"}
        assert who.offices == {city["Sekolah"]}
        assert who.courses == {course.id}

    def test_a_role_given_twice_is_held_once_and_told_once(self, writing, city):
        person_id = somebody(writing)
        for _ in range(2):
            grant(writing, person_id, Role("office_admin", unit_id=city["Sekolah"]), by=5)
        assert [(role.name, role.unit_name) for role in held_roles(writing, person_id)] == [
            ("office_admin", "Sekolah")
        ]
        entry = writing.scalars(select(AuditEntry).where(AuditEntry.act == "role.grant")).one()
        assert (entry.actor_id, entry.subject_id, entry.details) == (
            5,
            person_id,
            {"role": "office_admin", "unit": city["Sekolah"], "course": None},
        )

    @pytest.mark.parametrize(
        ("name", "scope"),
        [
            ("admin", {"unit_id": 1}),
            ("office_admin", {}),
            ("office_admin", {"course_id": 1}),
            ("instructor", {}),
            ("instructor", {"course_id": 1, "unit_id": 1}),
            ("raja", {}),
        ],
    )
    def test_a_role_without_its_scope_is_none(self, name, scope):
        with pytest.raises(ScopeMissing):
            Role(name, **scope)

    def test_the_last_admin_stays_one(self, writing):
        first = somebody(writing, roles=("admin",))
        held = held_roles(writing, first)[0]
        with pytest.raises(LastAdmin):
            take(writing, first, held.id, by=first)
        second = somebody(writing, "Satria", roles=("admin",))
        take(writing, first, held.id, by=second)
        assert held_roles(writing, first) == []
        assert audit.entries_about(writing, ("person", first))[-1].act == "role.take"

    def test_a_disabled_admin_does_not_count(self, writing):
        first = somebody(writing, roles=("admin",))
        second = writing.get_one(Person, somebody(writing, "Satria", roles=("admin",)))
        second.disabled_at = clock.now()
        writing.flush()
        with pytest.raises(LastAdmin):
            take(writing, first, held_roles(writing, first)[0].id, by=0)

    def test_a_role_is_taken_from_the_one_who_holds_it(self, writing, city):
        who, other = office_admin(writing, city), somebody(writing)
        with pytest.raises(GrantNotFound):
            take(writing, other, held_roles(writing, who.id)[0].id, by=0)


class TestReach:
    def test_an_office_admin_reaches_the_people_of_the_office_and_below(self, writing, city):
        who = office_admin(writing, city)
        for unit in ("Dinas Satu", "Sekolah", "Kelas"):
            person_id = somebody(writing, unit_id=city[unit])
            assert reached(writing, who, person_id).id == changeable(writing, who, person_id).id == person_id

    def test_another_offices_person_answers_like_a_missing_one(self, writing, city):
        who = office_admin(writing, city)
        for person_id in (somebody(writing, unit_id=city["Dinas Dua"]), somebody(writing), 404):
            for way in (reached, changeable):
                with pytest.raises(PersonNotFound):
                    way(writing, who, person_id)

    def test_an_office_admin_does_not_change_people_who_hold_a_role(self, writing, city):
        who = office_admin(writing, city)
        higher = somebody(writing, unit_id=city["Sekolah"], roles=("admin",))
        assert reached(writing, who, higher).id == higher
        with pytest.raises(HoldsRole):
            changeable(writing, who, higher)
        assert changeable(writing, admin(writing), higher).id == higher

    def test_nobody_is_put_into_another_office(self, writing, city):
        who = office_admin(writing, city)
        check_unit(writing, who, city["Kelas"])
        for unit_id in (city["Dinas Dua"], None, 404):
            with pytest.raises(UnitNotFound):
                check_unit(writing, who, unit_id)
        check_unit(writing, admin(writing), None)

    def test_somebody_without_an_office_reaches_nobody(self, writing, city):
        person_id = somebody(writing, unit_id=city["Kelas"])
        with pytest.raises(PersonNotFound):
            reached(writing, seen_as(writing, person_id), person_id)


class TestFinding:
    @pytest.fixture
    def people(self, writing, city):
        somebody(writing, nip="198704122011012003", email="Nurul@example.id", unit_id=city["Kelas"])
        somebody(writing, "I Made Sudana", nip="199001012015031002", unit_id=city["Dinas Dua"])
        return admin(writing)

    @pytest.mark.parametrize(
        "text",
        [
            "nur",
            "NURUL",
            "aini",
            "baiq nurul",
            "aini, baiq",
            "S.Pd",
            "1987",
            "19870412 201101 2",
            "nurul@ex",
            "(nurul)",
        ],
    )
    def test_the_beginning_of_any_word_finds(self, writing, people, text):
        assert [one.name for one in find(writing, people, Sought(text))] == ["Baiq Nurul Aini, S.Pd."]

    @pytest.mark.parametrize("text", ["urul", "nurul made", "%", "_", "1987%", "nurul x", "9" * 300])
    def test_the_middle_of_a_word_and_signs_find_nothing(self, writing, people, text):
        assert find(writing, people, Sought(text)) == []

    def test_a_number_that_ended_still_finds(self, writing, people):
        number = writing.scalars(
            select(PersonNumber).where(PersonNumber.number == "198704122011012003")
        ).one()
        number.ended_at = clock.now()
        writing.flush()
        found = find(writing, people, Sought("198704122011012003"))
        assert [(one.name, one.nip) for one in found] == [("Baiq Nurul Aini, S.Pd.", "")]

    def test_filters_narrow(self, writing, city, people):
        def names(**sought):
            return [one.name for one in find(writing, people, Sought(**sought))]

        assert names(unit_id=city["Dinas Satu"]) == ["Baiq Nurul Aini, S.Pd."]
        assert names(role="admin") == ["Satria"]
        assert names(state="waiting") == ["Baiq Nurul Aini, S.Pd.", "I Made Sudana", "Satria"]
        assert names(state="active") == names(state="disabled") == []

    def test_an_office_admin_finds_only_her_people(self, writing, city, people):
        who = office_admin(writing, city)
        assert [one.name for one in find(writing, who, Sought())] == ["Ayu", "Baiq Nurul Aini, S.Pd."]
        assert find(writing, who, Sought("made")) == []
        in_unit = find(writing, who, Sought(unit_id=city["Sekolah"]))
        assert [one.name for one in in_unit] == ["Baiq Nurul Aini, S.Pd."]
        assert find(writing, who, Sought(unit_id=city["Dinas Dua"])) == []

    def test_pages_follow_each_other_without_a_gap(self, writing, people, monkeypatch):
        monkeypatch.setattr(finding, "PAGE", 2)
        for _ in range(5):
            somebody(writing, "Budi")
        seen, after = [], None
        while page := find(writing, people, Sought(), after)[:2]:
            seen += page
            after = page[-1].id
        assert len({one.id for one in seen}) == len(seen) == 8


def test_the_demo_town_is_made_once_and_its_numbers_are_well_formed(app, capsys):
    make_demo_people()
    make_demo_people()
    numbers = list(db.session.scalars(select(PersonNumber.number)))
    today = clock.local_date(clock.now())
    assert len(numbers) == 34
    assert {parse_nip(number, today).status for number in numbers} == {"PNS", "PPPK"}
    roles = set(db.session.scalars(select(RoleGrant.role)))
    assert roles == {"admin", "office_admin"}  # no course is published here to be an instructor of
    assert "admin OPD" in capsys.readouterr().out


def course_id(course: CourseRow) -> int:
    db.session.flush()
    return course.id
