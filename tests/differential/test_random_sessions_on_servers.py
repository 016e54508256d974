"""Random sequences of session operations end alike on PostgreSQL and MariaDB; see `machine`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import machine
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs_on_servers import ServedLibrary
from test_random_sessions import operation

# Another connection that changes rows behind the session's back would wait for it.
alone = operation.filter(lambda step: not step[0].startswith("behind_"))


class ServedMachine(machine.Machine):
    """Rolls back after a statement that failed outside a flush, when the session is still active.

    On PostgreSQL nothing else is possible: ormolu's commit says so, SQLAlchemy's passes over it
    (docs/differences.md).
    """

    def _statement(self, run: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return run(*arguments)
        except self.lib.exc.DBAPIError:
            if self.session.is_active:
                self.session.rollback()
                self.savepoints.clear()
            raise

    def bulk_insert(self, *arguments: Any) -> Any:
        return self._statement(super().bulk_insert, *arguments)

    def bulk_update(self, *arguments: Any) -> Any:
        return self._statement(super().bulk_update, *arguments)

    def bulk_delete(self, *arguments: Any) -> Any:
        return self._statement(super().bulk_delete, *arguments)


class ServedWorld(machine.World):
    """One library's models on the database that both use in turn; the first makes the tables."""

    def __init__(self, lib: ServedLibrary, first: ServedWorld | None) -> None:
        self.lib = lib
        if first is None:
            self.m, self.engine = lib.filled_blog()
            self.rows = lib.dump(self.m, self.engine)
        else:
            self.m, self.engine, self.rows = lib.blog(), lib.engine(), first.rows
        self._tables = self.m.base.metadata.sorted_tables
        self._postgresql = self.engine.dialect.name == "postgresql"

    def fill(self) -> None:
        with self.engine.begin() as connection:
            if self._postgresql:
                names = ", ".join(table.name for table in self._tables)
                connection.exec_driver_sql(f"TRUNCATE {names}")
            else:
                connection.exec_driver_sql("SET foreign_key_checks = 0")
                for table in self._tables:
                    connection.exec_driver_sql(f"DELETE FROM {table.name}")
                connection.exec_driver_sql("SET foreign_key_checks = 1")
            for table in self._tables:
                if rows := self.rows[table.name]:
                    names = [column.name for column in table.columns]
                    sets = [dict(zip(names, row, strict=True)) for row in rows]
                    connection.execute(self.lib.sql.insert(table), sets)
                self._count_on(connection, table)

    def _count_on(self, connection: Any, table: Any) -> None:
        """Have generated keys go on where the rows end, as they do in a new table."""
        if "id" not in table.columns:
            return
        following = len(self.rows[table.name]) + 1
        if self._postgresql:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            connection.exec_driver_sql(f"SELECT setval({sequence}, {following}, false)")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} AUTO_INCREMENT = {following}")


@pytest.mark.parametrize("backend_url", ["postgresql+psycopg", "mysql+mysqldb"], indirect=True)
def test_random_session_operations_end_alike_on_a_server(backend_url: str) -> None:
    libraries = [ServedLibrary(root, lambda: backend_url) for root in ("ormolu", "sqlalchemy")]
    ours = ServedWorld(libraries[0], None)
    theirs = ServedWorld(libraries[1], ours)

    @settings(max_examples=40)
    @given(st.lists(alone, min_size=3, max_size=14))
    def compare(program: list[tuple[Any, ...]]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mine = ServedMachine(ours).run(program)
            other = ServedMachine(theirs).run(program)
        for one, another in zip(mine, other, strict=False):
            assert one == another
        assert len(mine) == len(other)

    try:
        compare()
    finally:
        for library in libraries:
            library.close()
