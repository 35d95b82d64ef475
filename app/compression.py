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
    if not _fitting(response):
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.headers.get("Accept-Encoding", "")
    body = response.get_data()
    if "br" in accepted:
        _put(response, brotli.compress(body, quality=QUALITY), "br")
    elif "gzip" in accepted:
        _put(response, gzip.compress(body, compresslevel=5, mtime=0), "gzip")
    return response


def _put(response: Response, body: bytes, encoding: str) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding


def _fitting(response: Response) -> bool:
    return (
        not response.direct_passthrough
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= WORTH_IT
        and (response.mimetype or "").startswith(TEXTS)
    )
