"""The child process that renders: texts in, cleaned HTML or a refusal out, until its input ends.

Nothing an author writes is parsed outside of it. It may use so much memory and time, writes no file, and
ends with its parent: an ended parent is an ended input, and a text at hand then is stopped by the limit on
its CPU time.

A message is four bytes of length, big-endian, then JSON in ASCII. The first one says that the child is ready.
"""

import json
import resource
import struct
import sys
from typing import BinaryIO

from courses.authoring.cleaning import clean
from courses.authoring.limits import MEMORY, Reason, TextRefused, refusing
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Answer, Mode, Piece

HEADER = struct.Struct(">I")
_CPU_SECONDS = 3
_OPEN_FILES = 16


def main() -> None:
    """Warm up, give up what isn't needed, and answer."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but answers may reach the parent
    converter = Converter()
    for mode in Mode:
        answered(converter, Piece("Siap.", mode))
    _limit()
    _write(sink, {})
    while (message := _read(source)) is not None:
        _limit_cpu()
        _write(sink, answered(converter, Piece.from_json(message)).as_json())


def answered(converter: Converter, piece: Piece) -> Answer:
    """Convert a piece and clean it."""
    try:
        with refusing():
            return Answer(clean(converter.convert(piece)).strip())
    except TextRefused as refused:
        return Answer(refused=refused.reason)
    except Exception:  # whatever a parser trips over: this text is refused, the next one is answered
        return Answer(refused=Reason.FAILURE)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def _limit_cpu() -> None:
    """Let this text have its seconds on top of what was used; beyond them the system ends the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + _CPU_SECONDS
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def _read(source: BinaryIO) -> dict[str, object] | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    message: dict[str, object] = json.loads(source.read(HEADER.unpack(header)[0]))
    return message


def _write(sink: BinaryIO, message: dict[str, object]) -> None:
    data = json.dumps(message).encode("ascii")
    sink.write(HEADER.pack(len(data)) + data)
    sink.flush()


if __name__ == "__main__":
    main()
