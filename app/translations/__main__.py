"""`python -m app.translations`: bring the catalogues up to date."""

import sys

from app.translations.catalogues import SOURCES, bring_up_to_date

if __name__ == "__main__":
    for language in SOURCES:
        left = bring_up_to_date(language)
        sys.stdout.write(f"{language}: {left} sentence(s) without words\n")
