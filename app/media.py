"""Files of courses, by the hash of their content: never changed, so kept by every browser for a year.

The hash cannot be guessed without the file, and no media carries an answer key; that is why they are public.
"""

from flask import Blueprint, Response

from app.extensions import db
from app.security import public
from app.services import services
from courses.catalogue.editions import media_type

blueprint = Blueprint("media", __name__)
FOREVER = "public, max-age=31536000, immutable"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/media/<sha256>/<name>")
@public
def file(sha256: str, name: str) -> Response:
    """A file of a published course."""
    kind = media_type(db.session(), sha256)
    response = Response(services().objects.get(sha256), mimetype=kind)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
