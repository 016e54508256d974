"""DDL statements as nodes: ``CreateTable(table)``, ``DropIndex(index)``, ``DDL("...")``.

A DDL node is made once, executed and forgotten: its key is None, so it is never cached.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from ormolu.exc import ArgumentError
from ormolu.sql.clause import ClauseElement
from ormolu.sql.executable import NO_OPTIONS, Executable
from ormolu.sql.node import FACT, Kind

from .conditional import DDLCondition, DDLIf

if TYPE_CHECKING:
    from .constraints import Constraint, ForeignKeyConstraint
    from .index import Index
    from .sequences import Sequence as DBSequence
    from .table import Table


class BaseDDLElement(ClauseElement):
    """Base of all DDL, the parts of CREATE TABLE included; users may subclass it and compile it."""

    __slots__ = ()

    is_ddl = True

    def _seal(self) -> None:
        # Not cached: a table's DDL is run once, and its text depends on all that the table is.
        self._key = None
        self._binds = ()
        self._anon = False


_UNSET: Final[Mapping[str, Any]] = {
    "_ddl_if": None,
    "target": None,
    "_plugin": None,
    "_execution_options": NO_OPTIONS,
    "_with_options": (),
    "_binds": (),
    "_key": None,
    "_anon": False,
}
"""What the slots hold of a statement whose constructor doesn't call ours."""


class ExecutableDDLElement(Executable, BaseDDLElement):
    """Base of DDL statements; users may subclass it and say how it is compiled.

    A statement may be a listener of DDL events: ``event.listen(table, "after_create", DDL(…))``.
    """

    __slots__ = ("_ddl_if", "target")
    _fields: ClassVar[Mapping[str, Kind]] = {"_ddl_if": FACT, "target": FACT}

    is_ddl = True
    target: Any
    _ddl_if: DDLIf | None

    def __init__(self) -> None:
        self._init_executable()
        self._ddl_if = None
        self.target = None
        self._seal()

    def __getattr__(self, name: str) -> Any:
        # A user's subclass may have an __init__ that doesn't call ours.
        if name in _UNSET:
            return _UNSET[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def against(self, target: Any) -> Self:
        """A copy for a table or metadata (``%(table)s`` in the text of a `DDL`)."""
        new = self._shallow_with_dict()
        new.target = target
        return new

    def _shallow_with_dict(self) -> Self:
        new: Self = self._shallow()
        if hasattr(self, "__dict__"):
            new.__dict__.update(self.__dict__)
        new._seal()
        return new

    def execute_if(
        self,
        dialect: str | Collection[str] | None = None,
        callable_: DDLCondition | None = None,
        state: Any | None = None,
    ) -> Self:
        """A copy that, as a listener of a DDL event, is executed only under a condition.

        :param dialect: the name of a dialect, or several.
        :param callable_: called as ``callable_(ddl, target, bind, tables=…, checkfirst=…, …)``.
        :param state: handed to the callable.
        """
        new = self._shallow_with_dict()
        new._ddl_if = DDLIf(dialect, callable_, state)
        return new

    def _should_execute(self, target: Any, bind: Any, *, dialect: Any, **kw: Any) -> bool:
        condition = self._ddl_if
        return condition is None or condition.holds(self, target, bind, dialect=dialect, **kw)

    def __call__(self, target: Any, bind: Any, **kw: Any) -> None:
        """Execute as the listener of a DDL event, if the condition of ``execute_if`` holds."""
        if self._should_execute(target, bind, dialect=bind.dialect, **kw):
            bind.execute(self.against(target))


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


class TableCreateDDL(_ElementDDL):
    """Base of what creates a table or a view."""

    __slots__ = ()
    creates_view: ClassVar[bool] = False

    def _for_table(self, table: Table) -> Self:
        """This statement for a copy of its table in another ``MetaData``."""
        new = self._shallow_with_dict()
        new.element = table
        return new


class TableDropDDL(_ElementDDL):
    """Base of what drops a table or a view."""

    __slots__ = ()


class CreateTable(TableCreateDDL):
    """``CREATE TABLE``.

    :param include_foreign_key_constraints: only these; the others are added later by ALTER.
    """

    __slots__ = ("columns", "include_foreign_key_constraints")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "columns": FACT,
        "include_foreign_key_constraints": FACT,
    }
    __visit_name__ = "create_table"

    def __init__(
        self,
        element: Table,
        include_foreign_key_constraints: Sequence[ForeignKeyConstraint] | None = None,
        if_not_exists: bool = False,
    ) -> None:
        super().__init__(element, if_not_exists=if_not_exists)
        self.columns = [CreateColumn(column) for column in element.columns]
        self.include_foreign_key_constraints = include_foreign_key_constraints


class DropTable(TableDropDDL):
    """``DROP TABLE``."""

    __slots__ = ()
    __visit_name__ = "drop_table"

    def __init__(self, element: Table, if_exists: bool = False) -> None:
        super().__init__(element, if_exists=if_exists)


class _TablePart(BaseDDLElement):
    """Base of the parts of CREATE TABLE."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": FACT}

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        self._seal()


class CreateColumn(_TablePart):
    """One column as CREATE TABLE writes it."""

    __slots__ = ()
    __visit_name__ = "create_column"


class CreateConstraint(_TablePart):
    """One constraint as CREATE TABLE writes it; what ``ddl_if`` functions receive."""

    __slots__ = ()
    __visit_name__ = "create_constraint"


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
        isolate_from_table: bool = False,
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


class SetConstraintComment(_ElementDDL):
    """``COMMENT ON CONSTRAINT … IS '…'``."""

    __slots__ = ()
    __visit_name__ = "set_constraint_comment"


class DropConstraintComment(_ElementDDL):
    """``COMMENT ON CONSTRAINT … IS NULL``."""

    __slots__ = ()
    __visit_name__ = "drop_constraint_comment"


class DropColumnComment(_ElementDDL):
    """``COMMENT ON COLUMN … IS NULL``."""

    __slots__ = ()
    __visit_name__ = "drop_column_comment"
