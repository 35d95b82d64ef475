"""What comes from outside is something the database can hold, or it is refused before any view reads it.

No browser sends a NUL character or a field without a name, and no id of ours has more than 63 bits: engines
refuse them with errors that would look like faults of ours. No form of ours has thousands of fields either:
sixteen megabytes of `&a` would be a gigabyte of memory.
"""

from collections.abc import Iterable

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST_ID = 2**63 - 1
NUL = "\x00"


class IdConverter(IntegerConverter):
    """`<int:...>` in an address: an id that a row could have; anything else is not found."""

    def to_python(self, value: str) -> int:
        """Read the digits."""
        try:
            return row_id(value)
        except ValueError:
            raise ValidationError from None


def row_id(text: str) -> int:
    """Read an id from a field or a query.

    Raises:
        ValueError: no row could have it.
    """
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError("no row has this id")
    return number


def register(app: Flask) -> None:
    """Attach the converter and the check; before anything that reads a form."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse)


# It never asks the database for what cannot be a code, and has one answer for every code it does not know.
READS_ANYTHING = "verify.code"


def _refuse() -> None:
    if NUL in request.path and request.endpoint != READS_ANYTHING:
        abort(404)
    if request.query_string and _has_nul(request.args.items(multi=True)):
        abort(400)
    if "CONTENT_LENGTH" in request.environ or "HTTP_TRANSFER_ENCODING" in request.environ:
        _refuse_body()


def _refuse_body() -> None:
    if not request.mimetype.startswith("multipart/"):
        _limit()
    if _has_nul(request.form.items(multi=True)) or None in request.form or None in request.files:
        abort(400)


def _limit() -> None:
    """Hold a form in the short notation to the limits of a long one: it is read as a whole and in one go."""
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    most: int = current_app.config["MAX_FORM_PARTS"]
    if request.get_data().count(b"&") >= most:
        abort(413)


def _has_nul(fields: Iterable[tuple[str | None, str]]) -> bool:
    return any(NUL in value or (name is not None and NUL in name) for name, value in fields)
