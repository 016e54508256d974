"""DDL statements as nodes: ``CreateTable(table)``, ``DropIndex(index)``, ``DDL("...")``.

A DDL node is made once, executed and forgotten: its key is None, so it is never cached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.exc import ArgumentError
from ormolu.sql.clause import ClauseElement
from ormolu.sql.executable import Executable
from ormolu.sql.node import FACT, Kind

if TYPE_CHECKING:
    from .column import Column
    from .constraints import Constraint, ForeignKeyConstraint
    from .defaults import Sequence as DBSequence
    from .index import Index
    from .table import Table


class ExecutableDDLElement(Executable, ClauseElement):
    """Base of DDL statements; users may subclass it and say how it is compiled."""

    __slots__ = ("target",)
    _fields: ClassVar[Mapping[str, Kind]] = {"target": FACT}

    is_ddl = True
    target: Any

    def __init__(self) -> None:
        self._init_executable()
        self.target = None
        self._seal()

    def _seal(self) -> None:
        # Not cached: a table's DDL is run once, and its text depends on all that the table is.
        self._key = None
        self._binds = ()
        self._anon = False

    def against(self, target: Any) -> ExecutableDDLElement:
        """A copy for a table or metadata (``%(table)s`` in the text of a `DDL`)."""
        new = self._copy()
        new.target = target
        return new


BaseDDLElement = ExecutableDDLElement
DDLElement = ExecutableDDLElement


class DDL(ExecutableDDLElement):
    """DDL as text; ``%(table)s``, ``%(schema)s``, ``%(fullname)s`` and ``context`` filled in."""

    __slots__ = ("context", "statement")
    _fields: ClassVar[Mapping[str, Kind]] = {"context": FACT, "statement": FACT}
    __visit_name__ = "ddl"

    context: Mapping[str, Any]
    statement: str

    def __init__(self, statement: str, context: Mapping[str, Any] | None = None) -> None:
        if not isinstance(statement, str):
            raise ArgumentError(f"Expected a string or unicode SQL statement, got {statement!r}")
        super().__init__()
        self.statement = statement
        self.context = context or {}

    def __repr__(self) -> str:
        return f"<DDL@{id(self)}; {self.statement!r}>"


class _ElementDDL(ExecutableDDLElement):
    """Base of the DDL of one schema element."""

    __slots__ = ("element", "if_exists", "if_not_exists")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "element": FACT,
        "if_exists": FACT,
        "if_not_exists": FACT,
    }

    element: Any
    if_exists: bool
    if_not_exists: bool

    def __init__(self, element: Any, if_exists: bool = False, if_not_exists: bool = False) -> None:
        super().__init__()
        self.element = element
        self.if_exists = if_exists
        self.if_not_exists = if_not_exists


class CreateTable(_ElementDDL):
    """``CREATE TABLE``.

    :param include_foreign_key_constraints: only these; the others are added later by ALTER.
    """

    __slots__ = ("include_foreign_key_constraints",)
    _fields: ClassVar[Mapping[str, Kind]] = {"include_foreign_key_constraints": FACT}
    __visit_name__ = "create_table"

    def __init__(
        self,
        element: Table,
        include_foreign_key_constraints: Sequence[ForeignKeyConstraint] | None = None,
        if_not_exists: bool = False,
    ) -> None:
        super().__init__(element, if_not_exists=if_not_exists)
        self.include_foreign_key_constraints = include_foreign_key_constraints


class DropTable(_ElementDDL):
    """``DROP TABLE``."""

    __slots__ = ()
    __visit_name__ = "drop_table"

    def __init__(self, element: Table, if_exists: bool = False) -> None:
        super().__init__(element, if_exists=if_exists)


class CreateColumn(_ElementDDL):
    """One column as CREATE TABLE writes it."""

    __slots__ = ()
    __visit_name__ = "create_column"

    def __init__(self, element: Column[Any]) -> None:
        super().__init__(element)


class CreateIndex(_ElementDDL):
    """``CREATE INDEX``."""

    __slots__ = ()
    __visit_name__ = "create_index"

    def __init__(self, element: Index, if_not_exists: bool = False) -> None:
        super().__init__(element, if_not_exists=if_not_exists)


class DropIndex(_ElementDDL):
    """``DROP INDEX``."""

    __slots__ = ()
    __visit_name__ = "drop_index"

    def __init__(self, element: Index, if_exists: bool = False) -> None:
        super().__init__(element, if_exists=if_exists)


class AddConstraint(_ElementDDL):
    """``ALTER TABLE … ADD CONSTRAINT``; with ``isolate_from_table``, CREATE TABLE leaves it out."""

    __slots__ = ()
    __visit_name__ = "add_constraint"

    def __init__(self, element: Constraint, *, isolate_from_table: bool = True) -> None:
        super().__init__(element)
        if isolate_from_table:
            element._create_rule = _never


def _never(compiler: Any) -> bool:
    return False


class DropConstraint(_ElementDDL):
    """``ALTER TABLE … DROP CONSTRAINT``."""

    __slots__ = ("cascade",)
    _fields: ClassVar[Mapping[str, Kind]] = {"cascade": FACT}
    __visit_name__ = "drop_constraint"

    cascade: bool

    def __init__(
        self,
        element: Constraint,
        *,
        cascade: bool = False,
        if_exists: bool = False,
        isolate_from_table: bool = True,
    ) -> None:
        super().__init__(element, if_exists=if_exists)
        self.cascade = cascade
        if isolate_from_table:
            element._create_rule = _never


class CreateSchema(_ElementDDL):
    """``CREATE SCHEMA``."""

    __slots__ = ()
    __visit_name__ = "create_schema"

    def __init__(self, name: str, if_not_exists: bool = False) -> None:
        super().__init__(name, if_not_exists=if_not_exists)


class DropSchema(_ElementDDL):
    """``DROP SCHEMA``."""

    __slots__ = ("cascade",)
    _fields: ClassVar[Mapping[str, Kind]] = {"cascade": FACT}
    __visit_name__ = "drop_schema"

    cascade: bool

    def __init__(self, name: str, cascade: bool = False, if_exists: bool = False) -> None:
        super().__init__(name, if_exists=if_exists)
        self.cascade = cascade


class CreateSequence(_ElementDDL):
    """``CREATE SEQUENCE``."""

    __slots__ = ()
    __visit_name__ = "create_sequence"

    def __init__(self, element: DBSequence, if_not_exists: bool = False) -> None:
        super().__init__(element, if_not_exists=if_not_exists)


class DropSequence(_ElementDDL):
    """``DROP SEQUENCE``."""

    __slots__ = ()
    __visit_name__ = "drop_sequence"

    def __init__(self, element: DBSequence, if_exists: bool = False) -> None:
        super().__init__(element, if_exists=if_exists)


class SetTableComment(_ElementDDL):
    """``COMMENT ON TABLE … IS '…'``."""

    __slots__ = ()
    __visit_name__ = "set_table_comment"


class DropTableComment(_ElementDDL):
    """``COMMENT ON TABLE … IS NULL``."""

    __slots__ = ()
    __visit_name__ = "drop_table_comment"


class SetColumnComment(_ElementDDL):
    """``COMMENT ON COLUMN … IS '…'``."""

    __slots__ = ()
    __visit_name__ = "set_column_comment"


class DropColumnComment(_ElementDDL):
    """``COMMENT ON COLUMN … IS NULL``."""

    __slots__ = ()
    __visit_name__ = "drop_column_comment"
