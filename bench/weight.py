"""What a first visit of a lesson weighs: the page and all it names but pictures, as a browser gets it."""

import re
from dataclasses import dataclass

from bench.requests import BROWSER
from bench.serving import Server, fetch
from bench.town import Town

_NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script type="module" src)="([^"]+)"')
_IMPORTED = re.compile(r'^import\b[^"\']*["\']\./([^"\']+)["\']', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes that travelled, bodies only, by name."""

    parts: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.parts.values())

    @property
    def first_paint(self) -> int:
        """What must be there before anything shows: the page and its styles."""
        return sum(size for name, size in self.parts.items() if name == "page" or name.endswith(".css"))


def first_visit(server: Server, town: Town) -> Weight:
    """Fetch a lesson of middle size and what it names, as a browser that reads brotli does."""
    accepting = {"Accept-Encoding": BROWSER}
    lessons = [
        (fetch(server.port, one.path, {**dict(one.headers), **accepting})[1], one) for one in town.lessons[:9]
    ]
    page, lesson = sorted(lessons, key=lambda pair: len(pair[0]))[len(lessons) // 2]
    text = fetch(server.port, lesson.path, dict(lesson.headers))[1].decode()
    parts, waiting = {"page": len(page)}, _NAMED.findall(text)
    while waiting:
        path = waiting.pop()
        if path in parts:
            continue
        parts[path] = len(fetch(server.port, path, accepting)[1])
        if path.endswith(".js"):
            script = fetch(server.port, path)[1].decode()
            waiting += [f"{path.rpartition('/')[0]}/{name}" for name in _IMPORTED.findall(script)]
    return Weight({path.rpartition("/")[2]: size for path, size in parts.items()})
