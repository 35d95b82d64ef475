"""A request as the bytes that travel, made before anything is measured."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `raw` is all of it."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def raw(self) -> bytes:
        """The request as HTTP/1.1 writes it."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join((*lines, "", "")).encode("ascii") + self.body

    def accepting(self, encodings: str) -> "Request":
        """The same request of a browser that reads these encodings."""
        return replace(self, headers=(*self.headers, ("Accept-Encoding", encodings)))
