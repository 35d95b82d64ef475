"""Several people at the same moment: real threads, each with a session and a connection of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event, Thread
from typing import TypeVar

from sqlalchemy.orm import Session

from app.extensions import db
from courses.database import begin_writing

T = TypeVar("T")
Act = Callable[[Session], T]
A_WHILE = 0.25  # long enough for a second writer to reach the first one's lock


def writing(act: Act[T]) -> T:
    """One writing transaction in a session of its own: committed when the act ends well."""
    with Session(db.engine, expire_on_commit=False) as session:
        begin_writing(session)
        result = act(session)
        session.commit()
        return result


def at_once(count: int, act: Act[T]) -> list[T | Exception]:
    """Let so many act at the same moment; return what each got, a refusal included."""
    engine, start = db.engine, Barrier(count)

    def one() -> T | Exception:
        start.wait()
        try:
            with Session(engine, expire_on_commit=False) as session:
                begin_writing(session)
                result = act(session)
                session.commit()
                return result
        except Exception as trouble:
            return trouble

    with ThreadPoolExecutor(count) as pool:
        return [running.result() for running in [pool.submit(one) for _ in range(count)]]


def second_while_first_is_open(first: Act[object], second: Act[T], *, commits: bool = True) -> T | Exception:
    """Let a second act begin while the first one has acted but not ended; return what the second got.

    Args:
        first: acts and holds its locks.
        second: begins meanwhile; on SQLite it waits to begin, on PostgreSQL at the first lock it meets.
        commits: whether the first ends with a commit, else with a rollback.
    """
    engine, outcome, begun = db.engine, Future[T](), Event()

    def follow() -> None:
        begun.set()
        try:
            with Session(engine, expire_on_commit=False) as session:
                begin_writing(session)
                result = second(session)
                session.commit()
                outcome.set_result(result)
        except Exception as trouble:
            outcome.set_exception(trouble)

    with Session(engine, expire_on_commit=False) as session:
        begin_writing(session)
        first(session)
        follower = Thread(target=follow)
        follower.start()
        begun.wait()
        follower.join(A_WHILE)
        session.commit() if commits else session.rollback()
    follower.join()
    trouble = outcome.exception()
    return trouble if isinstance(trouble, Exception) else outcome.result()
