"""The web server: sets up, then granian, all forked from one process that has imported the application once.

One rule: a process never waits for one slow phone. `python -m app.web` is started by app/serving.py.
"""

import gc
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer

from app.serving import Address, address, end_with_parent, exit_code

APPLICATION = "wsgi:app"
# A thread reads a request's body and writes a streamed answer as fast as the phone at the other end: with one
# thread, one stuck phone stops a process for as long as it likes. Four cost nothing that we could measure.
THREADS = 4
# Granian counts open connections, the idle ones of browsers included, and takes no more of them than this.
CONNECTIONS = 2048
SECONDS_TO_END = 15


def main() -> None:
    """Set up, then serve until SIGTERM; end with the code of setup, or 1 if no process can be kept alive."""
    allow_files(2 * CONNECTIONS)
    where = address()
    # A thousand modules make next to no garbage, and looking for it takes a sixth of a start.
    gc.disable()
    with suppress(ModuleNotFoundError):  # what setup and the web processes both need
        import_module("app.making")
    if code := set_up():
        sys.exit(code)
    application(APPLICATION)
    # What is made by now is shared by the processes; frozen, the collector does not touch and so copy it.
    gc.freeze()
    gc.enable()
    server(APPLICATION, where).serve(target_loader=load)


def server(target: str, where: Address) -> AbstractServer[Any]:
    """Return the web server for a WSGI application `module:name`."""
    return Granian(
        target,
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
    )


def set_up() -> int:
    """Run `flask setup` in a process of its own, which leaves no connection behind; return its exit code."""
    child = multiprocessing.get_context("fork").Process(target=run_setup)
    child.start()
    child.join()
    return exit_code(child.exitcode or 0)


def run_setup() -> None:
    """Be the command `flask setup`."""
    gc.freeze()  # what was loaded is no garbage, and looking through it takes as long as the work
    gc.enable()
    follow_parent(signal.SIGTERM)
    sys.argv = ["flask", "setup"]
    made = application(APPLICATION)
    with made.app_context():
        made.cli.main(prog_name="flask")  # not Flask's own: it would load the commands of every extension


def follow_parent(number: signal.Signals) -> None:
    """Have a process of multiprocessing end with the one that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        end_with_parent(parent.pid, number)


def load(target: str) -> Callable[..., Any]:
    """Return the WSGI application `module:name`; runs once in each process."""
    # Not SIGTERM: the kernel sends one for each thread of the parent, and two can leave granian hanging.
    follow_parent(signal.SIGKILL)
    # Inherited is a handler that sets a flag of the parent's: a stop that comes while we load would be lost.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    made: Callable[..., Any] = application(target)
    return made


def application(target: str) -> Any:
    """Return the application `module:name`, made on first use; what is forked afterwards shares it."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def allow_files(wanted: int) -> None:
    """Raise this process's limit of open files, each connection being one, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
