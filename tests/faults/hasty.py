"""A sabotaged build: the web server as we ship it, but it answers before it commits.

The board is no evidence unless this build turns it red. `python -m tests.faults.hasty`
"""

from threading import Timer

from werkzeug.wrappers import Response

from app import web, writing
from app.extensions import db
from courses.operations import Claim, Reply, remember

LATE = 0.1  # seconds between the answer and the commit


def finish(claimed: Claim, response: Response) -> None:
    """Remember the reply, let it go, and commit in a while, unless the process is dead by then."""
    session = db.session()
    remember(session, claimed, Reply(response.status_code, response.location))
    db.session.registry.clear()  # or the end of the request would roll back

    def commit() -> None:
        session.commit()
        session.close()

    Timer(LATE, commit).start()


if __name__ == "__main__":
    writing._finish = finish
    web.main()
