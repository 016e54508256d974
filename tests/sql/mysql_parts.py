"""What the statements of the MySQL cases are made of, and the dialects they are compiled for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sqlalchemy
import sqlalchemy.dialects.mysql
from sqlalchemy.engine import make_url

import ormolu
import ormolu.dialects.mysql
from ormolu.dialects.mysql import MariaDBDialect, MySQLDialect

#: Dialect -> what SQLAlchemy and ormolu write it with.
DIALECTS: dict[str, tuple[Any, Any]] = {
    "mysql": (sqlalchemy.dialects.mysql.dialect(), MySQLDialect()),
    "mariadb": (make_url("mariadb://").get_dialect()(), MariaDBDialect()),
}
THEIRS = (sqlalchemy, sqlalchemy.dialects.mysql)
OURS = (ormolu, ormolu.dialects.mysql)


def parts(sa: Any, my: Any) -> SimpleNamespace:
    """Return tables ``t``, ``u`` (of a schema) and ``w``, and statements of them."""
    column = sa.Column
    metadata = sa.MetaData()
    t = sa.Table(
        "t",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("name", sa.String(50)),
        column("d", sa.DateTime),
        column("b", sa.Boolean),
        column("j", sa.JSON),
        column("x", sa.Float),
        column("n", sa.Numeric(10, 2)),
    )
    u = sa.Table(
        "u",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("tid", sa.ForeignKey("t.id")),
        column("v", sa.Integer),
        schema="sch",
    )
    w = sa.Table(
        "w",
        metadata,
        column("id", sa.Integer, primary_key=True),
        column("a", sa.String(5), key="akey"),
        column("b", sa.Integer, server_default="5"),
        column("Up", sa.Integer),
    )
    start = sa.select(u.c.id).where(u.c.id == 1).cte("rc", recursive=True)
    return SimpleNamespace(
        t=t,
        u=u,
        w=w,
        wx=w.alias("wx"),
        a=t.alias("al"),
        zed=t.alias("zed"),
        s=sa.select(t.c.id),
        i=my.insert(w).values(id=1, akey="x"),
        cte=sa.select(u.c.id).cte("x"),
        recursive=start.union_all(sa.select(u.c.id).where(u.c.tid == start.c.id)),
    )


def helpers(sa: Any) -> SimpleNamespace:
    """Return what makes tables and indexes: ``pk``, ``table``, ``create``, ``index``."""
    metadata = sa.MetaData()

    def table(*items: Any, **options: Any) -> Any:
        return sa.Table("t", sa.MetaData(), *items, **options)

    def index(*given: Any, **options: Any) -> Any:
        """An index of columns, by name, or of what a function makes of the table."""
        columns = sa.Column("a", sa.String(50)), sa.Column("b", sa.String(50))
        t = table(*columns, sa.Column("Up", sa.Integer))
        return sa.Index("ix", *(t.c[e] if isinstance(e, str) else e(t) for e in given), **options)

    return SimpleNamespace(
        metadata=metadata,
        pk=lambda: sa.Column("id", sa.Integer, primary_key=True),
        table=table,
        create=lambda *items, **options: sa.schema.CreateTable(table(*items, **options)),
        index=index,
    )
