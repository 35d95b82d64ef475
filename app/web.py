"""The web server: granian, its processes forked from one that has imported the application.

One rule: a process never waits for one slow phone. `python -m app.web` is started by app/serving.py.
"""

import gc
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from app.serving import address, end_with_parent

APPLICATION = "wsgi:app"
# A thread reads a request's body and writes a streamed answer as fast as the phone at the other end: with one
# thread, one stuck phone stops a process for as long as it likes. Four cost nothing that we could measure.
THREADS = 4
# Granian counts open connections, the idle ones of browsers included, and takes no more of them than this.
CONNECTIONS = 2048
SECONDS_TO_END = 15


def main() -> None:
    """Serve until SIGTERM; exits with 1 if a process cannot be kept alive."""
    allow_files(2 * CONNECTIONS)
    where = address()
    # What is imported now is shared by the processes; frozen, the collector does not touch and so copy it.
    gc.collect()
    gc.freeze()
    Granian(
        APPLICATION,
        address=where.host,
        port=where.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(os.environ.get("BINA_WORKERS", "2")),
        blocking_threads=THREADS,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
    ).serve(target_loader=load)


def load(target: str) -> Callable[..., Any]:
    """Return the WSGI application `module:name`; runs once in each process."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        # Not SIGTERM: the kernel sends one for each thread of the parent, and two can leave granian hanging.
        end_with_parent(parent.pid, signal.SIGKILL)
    # Inherited is a handler that sets a flag of the parent's: a stop that comes while we load would be lost.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    module, _, name = target.partition(":")
    application: Callable[..., Any] = getattr(import_module(module), name)
    return application


def allow_files(wanted: int) -> None:
    """Raise this process's limit of open files, each connection being one, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
