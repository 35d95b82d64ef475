"""From a finished course to a paper that a stranger can check: who may have one, making, signing, revoking.

What is printed is frozen when a certificate is issued (`document`), signed last (`signing`, `keys`) and
checked by its bytes alone (`inspection`, `marks`). Those and `numbering` are pure: no database, no request.
"""
