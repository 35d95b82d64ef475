"""The tree of offices and units: reading it, what lies below an office, adding and renaming.

A name is one unit's alone, so that a spreadsheet can name it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses import audit
from courses.database import violates
from courses.errors import Conflict, NotFound
from courses.people.models import Unit


class UnitExists(Conflict):
    """A unit has that name already."""


class UnitNotFound(NotFound):
    """There is no such unit, or it is not within reach."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the order in which the tree is read. `depth` is 0 for an office."""

    id: int
    name: str
    depth: int
    parent_id: int | None


def below(offices: Collection[int]) -> Select[tuple[int]]:
    """The ids of offices and of everything below them."""
    top = select(Unit.id).where(Unit.id.in_(offices)).cte(recursive=True)
    tree = top.union(select(Unit.id).join(top, Unit.parent_id == top.c.id))
    return select(tree.c.id)


def tree(session: Session, offices: Collection[int] | None = None) -> list[UnitLine]:
    """All units, or those of some offices with all below them, parents before children, by name."""
    wanted = select(Unit.id, Unit.name, Unit.parent_id).order_by(Unit.name, Unit.id)
    if offices is not None:
        wanted = wanted.where(Unit.id.in_(below(offices)))
    rows = [(unit_id, name, parent_id) for unit_id, name, parent_id in session.execute(wanted)]
    known = {unit_id for unit_id, _, _ in rows}
    children: dict[int | None, list[tuple[int, str, int | None]]] = defaultdict(list)
    for row in rows:
        children[row[2] if row[2] in known else None].append(row)
    return list(_read(children))


def _read(children: dict[int | None, list[tuple[int, str, int | None]]]) -> Iterator[UnitLine]:
    waiting = [(row, 0) for row in reversed(children[None])]
    while waiting:
        (unit_id, name, parent_id), depth = waiting.pop()
        yield UnitLine(unit_id, name, depth, parent_id)
        waiting.extend((row, depth + 1) for row in reversed(children.get(unit_id, [])))


def add_unit(session: Session, name: str, parent_id: int | None, *, by: int) -> int:
    """Add a unit below another, or an office.

    Raises:
        UnitExists: the name is taken.
        UnitNotFound: there is no such parent.
    """
    if parent_id is not None and session.get(Unit, parent_id) is None:
        raise UnitNotFound(unit=parent_id)
    unit = Unit(parent_id=parent_id)
    _name(session, unit, name)
    audit.record(session, "unit.add", ("unit", unit.id), actor_id=by, parent=parent_id)
    return unit.id


def rename_unit(session: Session, unit_id: int, name: str, *, by: int) -> None:
    """Give a unit another name; whoever is in it stays.

    Raises:
        UnitExists: the name is taken.
        UnitNotFound: there is no such unit.
    """
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise UnitNotFound(unit=unit_id)
    _name(session, unit, name)
    audit.record(session, "unit.rename", ("unit", unit_id), actor_id=by)


def _name(session: Session, unit: Unit, name: str) -> None:
    try:
        with session.begin_nested():
            unit.name = name
            session.add(unit)
            session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_unit_name", "unit.name"):
            raise
        raise UnitExists(name=name) from error
