"""What people do with their own account, and who looked at it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from courses import audit
from courses.database import begin_writing
from courses.people import access
from courses.people.access import looks_at, note_access
from courses.people.models import Person, SignIn
from courses.people.own import PasswordChanged, UnknownDisplay, change_password, choose_display
from courses.people.sessions import (
    SignedIn,
    close_others,
    close_own,
    open_session,
    open_sessions,
    signed_in,
)
from courses.people.signing_in import MOST_PER_IDENTIFIER, TooManyFailures, asked_again, look_up, note_failure
from tests.services.crowd import second_while_first_is_open

ADDRESS = "203.0.113.7"


@pytest.fixture
def writing(session, learner, other_learner, admin):
    begin_writing(session)
    return session


@pytest.fixture
def who(learner, writing) -> SignedIn:
    return behind(writing, open_session(writing, learner.id, 30, "Chrome, Android"))


def behind(session, token: str) -> SignedIn:
    found = signed_in(session, token)
    assert found is not None
    return found


class TestDisplay:
    @pytest.mark.parametrize(("theme", "kept"), [("", None), ("light", "light"), ("dark", "dark")])
    def test_a_choice_is_with_the_person_at_the_next_request(self, writing, who, theme, kept):
        choose_display(writing, who.id, "en", theme)
        assert writing.get_one(Person, who.id).theme == kept
        token = open_session(writing, who.id, 30)
        assert (behind(writing, token).language, behind(writing, token).theme) == ("en", theme)

    @pytest.mark.parametrize(
        ("language", "theme"), [("xx", ""), ("", "dark"), ("id", "sepia"), ("id", "x" * 999)]
    )
    def test_what_pages_cannot_be_is_refused(self, writing, who, language, theme):
        with pytest.raises(UnknownDisplay):
            choose_display(writing, who.id, language, theme)

    def test_the_table_keeps_nothing_else(self, writing, who):
        writing.get_one(Person, who.id).theme = "sepia"
        with pytest.raises(IntegrityError):
            writing.flush()


class TestSessions:
    def test_the_one_at_hand_comes_first_with_its_device(self, writing, who, other_learner):
        open_session(writing, who.id, 30, "Firefox, Windows")
        open_session(writing, other_learner.id, 30, "Edge, Windows")
        open_session(writing, who.id, -1, "Safari, iPhone")  # ended by itself
        lines = open_sessions(writing, who)
        assert [(line.device, line.current) for line in lines] == [
            ("Chrome, Android", True),
            ("Firefox, Windows", False),
        ]

    def test_one_ends_its_own_and_nobody_elses(self, writing, who, other_learner):
        mine = behind(writing, open_session(writing, who.id, 30)).token_hash
        theirs = behind(writing, open_session(writing, other_learner.id, 30)).token_hash
        assert close_own(writing, who.id, mine)
        assert not close_own(writing, who.id, mine)
        assert not close_own(writing, who.id, theirs)
        assert set(writing.scalars(select(SignIn.token_hash))) == {who.token_hash, theirs}

    def test_the_others_end_and_the_one_at_hand_goes_on(self, writing, who, other_learner):
        open_session(writing, who.id, 30)
        theirs = behind(writing, open_session(writing, other_learner.id, 30)).token_hash
        close_others(writing, who)
        assert set(writing.scalars(select(SignIn.token_hash))) == {who.token_hash, theirs}


class TestPassword:
    def test_it_changes_ends_the_other_sessions_and_is_in_the_trail(self, writing, who):
        known = writing.get_one(Person, who.id).password_hash
        other = open_session(writing, who.id, 30)
        change_password(writing, who, known, "new hash")
        assert writing.get_one(Person, who.id).password_hash == "new hash"
        assert signed_in(writing, other) is None
        assert [line.current for line in open_sessions(writing, who)] == [True]
        entry = audit.entries_about(writing, ("person", who.id))[-1]
        assert (entry.act, entry.actor_id, entry.details) == ("person.password", who.id, {})

    @pytest.mark.parametrize("known", [None, "another hash"])
    def test_a_password_that_is_not_theirs_any_more_changes_nothing(self, writing, who, known):
        before = writing.get_one(Person, who.id).password_hash
        with pytest.raises(PasswordChanged):
            change_password(writing, who, known, "new hash")
        assert writing.get_one(Person, who.id).password_hash == before

    def test_of_two_changes_at_once_the_second_is_refused(self, writing, who):
        known = writing.get_one(Person, who.id).password_hash
        writing.commit()
        outcome = second_while_first_is_open(
            lambda session: change_password(session, who, known, "first"),
            lambda session: change_password(session, who, known, "second"),
        )
        assert isinstance(outcome, PasswordChanged)
        assert writing.get_one(Person, who.id, populate_existing=True).password_hash == "first"

    def test_wrong_passwords_are_counted_apart_from_those_at_the_door(self, writing, who, learner):
        for _ in range(MOST_PER_IDENTIFIER):
            note_failure(writing, asked_again(writing, who.id, ADDRESS), ADDRESS)
        with pytest.raises(TooManyFailures):
            asked_again(writing, who.id, "203.0.113.99")
        assert look_up(writing, learner.nip, ADDRESS).person_id == who.id


class TestLooks:
    def test_pages_follow_each_other_the_latest_first(self, writing, who, admin, other_learner, monkeypatch):
        monkeypatch.setattr(access, "PAGE", 2)
        for _ in range(5):
            note_access(writing, admin.id, who.id)
            note_access(writing, admin.id, other_learner.id)
        seen, before = [], None
        while page := looks_at(writing, who.id, before)[:2]:
            seen += page
            before = page[-1].id
        ids = [look.id for look in seen]
        assert ids == sorted(set(ids), reverse=True)
        assert [(look.actor_id, look.actor_name) for look in seen] == [(admin.id, admin.name)] * 5
