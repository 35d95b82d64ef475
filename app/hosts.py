"""Who we are to those who ask: the host names we answer to, and how many proxies speak for the reader.

A request that names another host gets 400 before anything looks at it, so no page and no mail can be made to
lead there. This machine may always ask, by whatever name it has for itself: health checks do.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings

OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})


def register(app: Flask, settings: Settings) -> None:
    """Attach the guard, and believe as many proxies as there are."""
    known = names(settings)
    if known:
        app.before_request_funcs.setdefault(None, []).insert(0, lambda: _guard(known))
    if settings.proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def names(settings: Settings) -> frozenset[str]:
    """The host names we answer to; none: any, as in development."""
    said = {name.strip().lower() for name in settings.hosts.split(",") if name.strip()}
    if not said and not settings.production:
        return frozenset()
    address = urlsplit(settings.base_url).hostname
    return OURSELVES | said | {settings.host.lower()} | ({address} if address else set())


def _guard(known: frozenset[str]) -> None:
    try:
        asked = urlsplit(f"//{request.host}").hostname
    except ValueError:
        asked = None
    if asked not in known:
        abort(400)
