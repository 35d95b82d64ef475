"""Ids of writes: sent twice they happen once, sent together they happen once, and a refusal frees the id."""

from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from courses.database import begin_writing
from courses.jobs import post
from courses.jobs.models import Outbox
from courses.operations import Claim, Reply, ReusedOperation, claim, remember
from courses.operations.models import Operation
from tests.services.crowd import at_once, second_while_first_is_open, writing

KEY, BODY, OTHER_BODY = "operation-0123456789ab", "a" * 64, "b" * 64
REPLY = Reply(303, "/learn/arsip/", (("success", "Tersimpan."), ("info", "é 漢 😀")), {"saved": [1, None]})


def acted(session: Session, person_id: int, body: str = BODY, key: str = KEY) -> Reply:
    """A write as the edge makes it: claim, act once, remember the reply."""
    claimed = claim(session, person_id, key, body)
    if claimed.earlier is not None:
        return claimed.earlier
    post(session, "effect", person=person_id)
    remember(session, claimed, REPLY)
    return REPLY


def effects() -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def test_the_first_time_has_no_earlier_reply(session, learner):
    begin_writing(session)
    assert claim(session, learner.id, KEY, BODY) == Claim(learner.id, KEY, None)


@pytest.mark.parametrize("reply", [REPLY, Reply(200), Reply(303, "/"), Reply(200, body={"a": "b"})])
def test_sent_again_it_gets_the_same_reply(app, learner, reply):
    def first(session: Session) -> None:
        remember(session, claim(session, learner.id, KEY, BODY), reply)

    writing(first)
    assert writing(lambda session: claim(session, learner.id, KEY, BODY)).earlier == reply


def test_sent_again_it_acts_once(app, learner):
    replies = [writing(lambda session: acted(session, learner.id)) for _ in range(3)]
    assert replies == [REPLY] * 3
    assert effects() == 1


def test_the_same_id_with_another_body_is_refused(app, learner):
    writing(lambda session: acted(session, learner.id))
    with pytest.raises(ReusedOperation) as refusal:
        writing(lambda session: acted(session, learner.id, OTHER_BODY))
    assert refusal.value.status == 409
    assert effects() == 1
    assert writing(lambda session: acted(session, learner.id)) == REPLY  # the first one still stands


def test_two_writes_of_one_person_keep_their_own_replies(app, learner):
    def write(session: Session, key: str, reply: Reply) -> None:
        remember(session, claim(session, learner.id, key, BODY), reply)

    replies = {f"operation-{n:012}": Reply(303, f"/{n}") for n in range(3)}
    for key, reply in replies.items():
        writing(partial(write, key=key, reply=reply))
    for key, reply in replies.items():
        assert writing(partial(claim, person_id=learner.id, key=key, fingerprint=BODY)).earlier == reply


def test_the_ids_of_two_people_have_nothing_to_do_with_each_other(app, learner, other_learner):
    writing(lambda session: acted(session, learner.id))
    assert writing(lambda session: acted(session, other_learner.id, OTHER_BODY)) == REPLY
    assert effects() == 2


def test_a_refusal_frees_the_id_so_that_a_mended_form_may_be_sent(session, learner):
    begin_writing(session)
    claim(session, learner.id, KEY, BODY)
    session.rollback()
    assert writing(lambda session: acted(session, learner.id, OTHER_BODY)) == REPLY
    assert effects() == 1


def test_an_effect_and_its_id_are_stored_together_or_not_at_all(session, learner):
    begin_writing(session)
    acted(session, learner.id)
    session.rollback()
    assert effects() == 0
    assert session.scalar(select(func.count()).select_from(Operation)) == 0


def test_of_eight_at_once_one_acts_and_all_get_its_reply(app, learner):
    assert at_once(8, lambda session: acted(session, learner.id)) == [REPLY] * 8
    assert effects() == 1


def test_eight_bodies_at_once_under_one_id_have_one_effect_and_seven_refusals(app, learner):
    bodies = iter(f"{n}" * 64 for n in range(8))
    outcomes = at_once(8, lambda session: acted(session, learner.id, next(bodies)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Reply"] + ["ReusedOperation"] * 7
    assert effects() == 1


def test_who_comes_second_waits_for_the_first_and_gets_its_reply(app, learner):
    def act(session: Session) -> Reply:
        return acted(session, learner.id)

    assert second_while_first_is_open(act, act) == REPLY
    assert effects() == 1


def test_who_comes_second_acts_when_the_first_is_rolled_back(app, learner):
    second = second_while_first_is_open(
        lambda session: acted(session, learner.id),
        lambda session: acted(session, learner.id, OTHER_BODY),
        commits=False,
    )
    assert second == REPLY
    assert effects() == 1
