"""What a lesson's HTML says about itself: its headings, how many words it has, how long it takes to read.

The HTML has been cleaned, so that it is written in one way only and patterns may read it.
"""

import math
import re
from html import unescape

from courses.authoring.rendered import Heading

WORDS_A_MINUTE = 190
MINUTES_A_PICTURE = 0.2
MINUTES_A_LINE_OF_CODE = 0.05

_HEADING = re.compile(r'<h([23]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
_FOOTNOTE_MARK = re.compile(r"<sup id=.*?</sup>", re.DOTALL)
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+(?:[-'’.,/]\w+)*")


def headings_of(html: str) -> tuple[Heading, ...]:
    """Return the headings of the second and third level, in order."""
    return tuple(
        Heading(identity, " ".join(_text(_FOOTNOTE_MARK.sub("", inner)).split()), int(level))
        for level, identity, inner in _HEADING.findall(html)
    )


def words_of(html: str) -> int:
    """Count the words to read; code is counted in lines."""
    return len(_WORD.findall(_text(_CODE.sub(" ", html))))


def minutes_of(html: str) -> int:
    """Estimate the minutes it takes to read, at least 1."""
    lines_of_code = sum(code.count("\n") for code in _CODE.findall(html))
    minutes: float = (
        words_of(html) / WORDS_A_MINUTE
        + html.count("<img ") * MINUTES_A_PICTURE
        + lines_of_code * MINUTES_A_LINE_OF_CODE
    )
    return max(1, math.ceil(minutes))


def _text(html: str) -> str:
    return unescape(_TAG.sub(" ", html))
