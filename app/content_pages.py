"""Pages that are only text: why learn, help, privacy, about, in the reader's language."""

from flask import Blueprint, render_template
from flask_babel import get_locale
from markupsafe import Markup

from app.security import public
from app.services import services
from courses.errors import NotFound

blueprint = Blueprint("pages", __name__)


class PageNotWritten(NotFound):
    """There is no page of that name."""


@blueprint.get("/<any(mengapa, bantuan, privasi, tentang):name>")
@public
def show(name: str) -> str:
    """A page in the reader's language, in Indonesian where there is no other."""
    pages = services().pages
    locale = get_locale()
    english = f"{name}.en" if locale is not None and locale.language == "en" else name
    page = pages.get(english) or pages.get(name)
    if page is None:
        raise PageNotWritten(page=name)
    html = Markup(page.html)  # noqa: S704 - cleaned when it was rendered
    return render_template("catalogue/page.html", title=page.title, html=html)
