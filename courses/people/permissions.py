"""Who may do what: one table of named predicates over values. A name not in the table permits nothing.

Predicates look at the person alone. Whether a row is theirs is decided by fetching through what they may
reach.
"""

from collections.abc import Callable

from courses.people.sessions import SignedIn

Predicate = Callable[[SignedIn], bool]


def anyone_signed_in(_person: SignedIn) -> bool:
    """Everyone who is signed in may learn."""
    return True


def admins(person: SignedIn) -> bool:
    """Admins of the whole house."""
    return person.is_admin


def who_manage_people(person: SignedIn) -> bool:
    """Admins, and office admins: whose rows, `reach` decides."""
    return person.manages_people


def who_teach(person: SignedIn) -> bool:
    """Admins, and instructors: which courses, the drafts they are fetched through decide."""
    return person.teaches


PERMISSIONS: dict[str, Predicate] = {
    "learn": anyone_signed_in,
    "certificates.decide": admins,
    "certificates.revoke": admins,
    "people.manage": who_manage_people,
    "people.grant": admins,
    "units.manage": admins,
    "courses.write": who_teach,
    "courses.approve": admins,
}


def permits(permission: str, person: SignedIn | None) -> bool:
    """Whether a person holds a permission; whoever is not signed in holds none."""
    predicate = PERMISSIONS.get(permission)
    return person is not None and predicate is not None and predicate(person)
