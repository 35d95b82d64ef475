"""What may stand as a person's name: Latin letters and the marks that names and titles use. Pure rules.

Look-alikes from other alphabets are refused: a name is printed on certificates and read by strangers.
"""

import re
import unicodedata

from courses.errors import Invalid

LONGEST = 120
_MARKS = frozenset(" .,'’‘-/()")
_SAME_AGAIN = re.compile(r"(.)\1{7}")
# Names of offices and of nothing at all, as programs and impostors write them.
_NOBODY = frozenset(
    {"admin", "administrator", "superadmin", "root", "sistem", "system", "instruktur", "bsre", "kepalabkn"}
    | {"none", "null", "nan", "undefined"}
)


class BadName(Invalid):
    """Not a name; `reason` is missing, long, signs or reserved."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


def clean_name(written: str) -> str:
    """A name as it is stored: composed, with single spaces.

    Raises:
        BadName: with the reason.
    """
    name = unicodedata.normalize("NFC", written).strip(" ")
    name = re.sub(" {2,}", " ", name)
    if not name:
        raise BadName("missing")
    if len(name) > LONGEST or _SAME_AGAIN.search(name):
        raise BadName("long")
    if not (_is_letter(name[0]) and all(_is_letter(char) or char in _MARKS for char in name)):
        raise BadName("signs")
    if _folded(name) in _NOBODY:
        raise BadName("reserved")
    return name


def _is_letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if char.isalpha())
