"""The permission table, what a page says of a person, the names people sign in with, and passwords."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from courses import clock
from courses.people import passwords
from courses.people.passwords import hash_password, matches
from courses.people.permissions import PERMISSIONS, permits
from courses.people.persons import normalised
from courses.people.sessions import SEEN_EVERY, SignedIn, token_hash

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def somebody(name: str = "Baiq Nurul Aini, S.Pd.", *roles: str, seen_at: datetime = NOW) -> SignedIn:
    return SignedIn(7, name, "Dinas Pendidikan", "id", frozenset(roles), "0" * 64, seen_at)


@pytest.mark.parametrize(
    ("permission", "nobody", "learner", "admin"),
    [
        ("learn", False, True, True),
        ("certificates.decide", False, False, True),
        ("certificates.revoke", False, False, True),
        ("people.manage", False, False, True),
        ("people.grant", False, False, True),
        ("units.manage", False, False, True),
        ("courses.write", False, False, True),
        ("courses.approve", False, False, True),
        ("certificates.eat", False, False, False),
        ("", False, False, False),
    ],
)
def test_who_holds_which_permission(permission, nobody, learner, admin):
    people = (None, somebody(), somebody("Satria", "admin"))
    assert [permits(permission, person) for person in people] == [nobody, learner, admin]


def test_every_permission_stands_in_the_truth_table_above():
    assert set(PERMISSIONS) == {
        "learn",
        "certificates.decide",
        "certificates.revoke",
        "people.manage",
        "people.grant",
        "units.manage",
        "courses.write",
        "courses.approve",
    }


def test_an_office_admin_manages_people_and_grants_nothing():
    of_an_office = replace(somebody("Satria", "office_admin"), offices=frozenset({3}))
    held = {permission for permission in PERMISSIONS if permits(permission, of_an_office)}
    assert held == {"learn", "people.manage"}


def test_an_instructor_of_a_course_writes_and_manages_nobody():
    of_a_course = replace(somebody("Satria", "instructor"), courses=frozenset({3}))
    held = {permission for permission in PERMISSIONS if permits(permission, of_a_course)}
    assert held == {"learn", "courses.write"}


@pytest.mark.parametrize("role", ["", "Admin", "administrator", "admin ", "learner"])
def test_only_the_admin_role_makes_an_admin(role):
    assert not somebody("Satria", role).is_admin


@pytest.mark.parametrize(
    ("name", "initials", "short"),
    [
        ("Baiq Nurul Aini, S.Pd.", "BN", "Baiq Nurul Aini"),
        ("dr. I Made Sudana", "IM", "dr. I Made Sudana"),
        ("Dr. Ir. H. Suhartono, M.Si.", "S", "Dr. Ir. H. Suhartono"),
        ("Prof.", "P", "Prof."),
        ("Budi", "B", "Budi"),
        ("élodie", "É", "élodie"),
    ],
)
def test_a_page_calls_a_person_without_their_titles(name, initials, short):
    assert (somebody(name).initials, somebody(name).short_name) == (initials, short)


@given(st.text())
def test_no_name_breaks_a_page(name):
    assert len(somebody(name).initials) <= 6  # two letters, which may grow in upper case (ŉ becomes ʼN)
    assert isinstance(somebody(name).short_name, str)


def test_a_session_is_touched_once_in_ten_minutes():
    with clock.pinned(NOW):
        assert not somebody(seen_at=NOW - SEEN_EVERY).seen_is_old
        assert somebody(seen_at=NOW - SEEN_EVERY - timedelta(seconds=1)).seen_is_old


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("198704122011012003", "198704122011012003"),
        (" 19870412 201101 2 003\n", "198704122011012003"),
        ("19870412.201101.2.003", "198704122011012003"),
        ("Nurul@Example.ID ", "nurul@example.id"),
        ("nurul.aini@example.id", "nurul.aini@example.id"),
        (
            "１９８７０４１２２０１１０１２００３",
            "１９８７０４１２２０１１０１２００３",
        ),  # other digits stay other digits
        ("%", "%"),
        ("", ""),
        ("1.2 3", "123"),
    ],
)
def test_a_name_is_looked_up_as_it_is_stored(written, name):
    assert normalised(written) == name


@given(st.text())
def test_a_name_looked_up_stays_the_same_when_looked_up_again(written):
    assert normalised(normalised(written)) == normalised(written)


def test_a_token_is_stored_as_its_sha256_whatever_a_cookie_holds():
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(token_hash("\ud800\x00")) == 64


def test_a_password_opens_its_own_hash_only():
    hashed = hash_password("rahasia-sekali")
    assert matches(hashed, "rahasia-sekali")
    assert not matches(hashed, "rahasia-sekal")
    assert not matches(hashed, "Rahasia-sekali")
    assert hash_password("rahasia-sekali") != hashed


def test_nobody_and_a_damaged_hash_open_for_nothing():
    assert not matches(None, "rahasia-sekali")
    assert not matches("$argon2id$nonsense", "rahasia-sekali")
    assert not matches("", "")


def test_a_password_longer_than_any_we_take_is_never_taken_for_its_beginning():
    longest = "a" * passwords.LONGEST
    hashed = hash_password(longest)
    assert matches(hashed, longest)
    assert not matches(hashed, longest + "b")


def test_nobody_costs_as_much_as_somebody():
    somebody_, nobody = (extract_parameters(h) for h in (hash_password("x" * 8), passwords._NOBODY))
    assert somebody_ == nobody
    assert (nobody.memory_cost, nobody.time_cost, nobody.parallelism) == (19456, 2, 1)


@pytest.mark.parametrize("password", ["\ud800" * 8, "rahasia\x00sekali", ""])
def test_a_password_that_is_no_text_is_refused_and_not_an_error(password):
    assert not matches(hash_password("rahasia"), password)
