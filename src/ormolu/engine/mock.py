"""``create_mock_engine``: an engine that hands statements over instead of executing them.

It is for looking at the DDL that ``metadata.create_all()`` would send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..io.loops import run_sync
from ..io.plan import Plan
from ..io.requests import RunHook
from .options import make_dialect
from .url import URL, make_url

T = TypeVar("T")

Executor = Callable[..., Any]


class MockCore:
    """What the plans of ``create_all`` and its like take for a connection's core.

    Nothing is looked for in the database first (``checks_first``): there is none.
    """

    checks_first = False

    def __init__(self, connection: MockConnection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self.execution_options: Mapping[str, Any] = {}

    def facade(self) -> MockConnection:
        """Return the connection, as listeners receive it."""
        return self.connection

    def schema_of(self, item: Any) -> str | None:
        """Return the schema of a table or sequence."""
        return self.connection.schema_for_object(item)

    def execute_ddl_plan(self, node: Any) -> Plan[None]:
        """Hand a DDL construct over."""
        yield from ()
        self.connection.execute(node)

    def ddl_listener_plan(self, handler: Any, target: Any, options: dict[str, Any]) -> Plan[None]:
        """Call a listener of a DDL event."""
        yield RunHook(lambda: handler(target, self.connection, **options))


class MockConnection:
    """What ``create_mock_engine`` returns: engine and connection in one, without a database.

    :param dialect: compiles for this database.
    :param execute: receives each statement and its parameters.
    """

    def __init__(self, dialect: Any, execute: Executor) -> None:
        self._dialect = dialect
        self._execute = execute

    @property
    def engine(self) -> MockConnection:
        """Itself."""
        return self

    @property
    def dialect(self) -> Any:
        """The dialect."""
        return self._dialect

    @property
    def name(self) -> str:
        """The name of the database, as ``"sqlite"``."""
        name: str = self._dialect.name
        return name

    def connect(self, **kwargs: Any) -> MockConnection:
        """Return itself."""
        return self

    def schema_for_object(self, obj: Any) -> str | None:
        """Return the schema of a table or sequence."""
        schema: str | None = obj.schema
        return schema

    def execution_options(self, **options: Any) -> MockConnection:
        """Return itself."""
        return self

    def execute(
        self,
        obj: Any,
        parameters: Any = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Hand a statement over, and return what the executor returns."""
        return self._execute(obj, parameters)

    def _run_ddl(self, make: Callable[[Any], Plan[T]]) -> T:
        """Run the plan that ``make`` returns, which hands its statements over."""
        return run_sync(make(MockCore(self)))


def create_mock_engine(url: str | URL, executor: Executor, **kw: Any) -> MockConnection:
    """Return an engine that hands statements over to ``executor`` instead of executing them.

    :param url: names the database to compile for; it is not connected to.
    :param executor: receives each construct and its parameters; ``str(construct.compile(
        dialect=engine.dialect))`` is its text.
    :param kw: arguments of the dialect, as of ``create_engine``.
    """
    return MockConnection(make_dialect(make_url(url).get_dialect(), kw), executor)
