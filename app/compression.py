"""Pages travel compressed: brotli where the browser reads it, else gzip: most of the speed of a slow line."""

import gzip

import brotli
from flask import Flask, Response, request

WORTH_IT = 600
TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
QUALITY = 4


def register(app: Flask) -> None:
    """Attach the compressor."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.direct_passthrough or response.is_streamed:
        return response
    body = response.get_data()
    if len(body) < WORTH_IT or "Content-Encoding" in response.headers or not _is_text(response):
        return response
    response.headers["Vary"] = "Accept-Encoding"
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    if "br" in accepted:
        _put(response, brotli.compress(body, quality=QUALITY), "br")
    elif "gzip" in accepted:
        _put(response, gzip.compress(body, compresslevel=5, mtime=0), "gzip")
    return response


def _put(response: Response, body: bytes, encoding: str) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding


def _is_text(response: Response) -> bool:
    return response.headers.get("Content-Type", "").startswith(TEXTS)
