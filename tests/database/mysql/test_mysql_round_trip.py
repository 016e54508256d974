"""A model, created and reflected, is created again as the same tables (hypothesis makes models)."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mysql_schemas import created_by
from random_models import Models

from ormolu import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    case,
    create_engine,
    func,
    text,
)
from ormolu.dialects import mysql

KEYS: list[Any] = [
    Integer(),
    BigInteger(),
    SmallInteger(),
    mysql.TINYINT(unsigned=True),
    mysql.MEDIUMINT(zerofill=True, display_width=5),
    String(5),
    mysql.VARCHAR(5, charset="latin1", collation="latin1_bin"),
    mysql.CHAR(3),
    Numeric(10, 2),
    Date(),
    Uuid(),
    mysql.ENUM("a", "it's", "b\\c", ","),
    mysql.SET("x", "y"),
    mysql.DATETIME(fsp=6),
    mysql.BIT(4),
    mysql.YEAR(),
]
OTHERS: list[Any] = [
    Text(),
    mysql.LONGTEXT(collation="utf8mb4_bin"),
    Float(),
    Double(),
    mysql.DOUBLE(10, 4, unsigned=True),
    Boolean(),
    DateTime(),
    Time(),
    mysql.TIME(fsp=3),
    LargeBinary(),
    mysql.VARBINARY(4),
]
DEFAULTS: list[tuple[Any, list[Any]]] = [
    (Integer(), ["5", text("-5"), text("(1 + 2)"), text("(abs(-3))")]),
    (String(20), ["it's, (so) \\ `%`", "", "NULL", text("(concat('a', \"b\"))"), text("(uuid())")]),
    (mysql.DATETIME(), [func.now(), text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")]),
    (mysql.TIMESTAMP(fsp=3), [text("CURRENT_TIMESTAMP(3)"), text("NULL")]),
    (mysql.BIT(4), [text("b'101'")]),
    (Numeric(6, 3), ["1.5", text("2.25")]),
]
ON_MARIADB: list[tuple[Any, list[Any]]] = [(Text(), ["x"]), (mysql.INET6(), ["::1"])]
ON_MYSQL: list[tuple[Any, list[Any]]] = [
    (Text(), [text("('ä\\\\')"), text("(concat('\"', 'it''s', '%'))")]),
    (mysql.JSON(), [text("(json_array(1, ')'))")]),
    (mysql.VARBINARY(5), ["it's", text("0x410042"), text("(unhex('41'))")]),
    (mysql.BINARY(3), ["a", text("0xFF00FF")]),
    (Date(), [text("(curdate() + INTERVAL 1 DAY)")]),
]


class FamilyModels(Models):
    """Column names ignore case, and don't begin or end with a blank."""

    keys = KEYS
    others = OTHERS
    defaults = DEFAULTS
    #: Quotes, blanks, reserved words, other scripts.
    names = st.text(alphabet="aB_\"'`[],()é%;- \\", min_size=1, max_size=6).filter(
        lambda name: name == name.strip()
    )
    ignores_case = True

    def table_options(self, draw: Any) -> dict[str, Any]:
        return {
            "mysql_row_format": draw(st.sampled_from(["DYNAMIC", "COMPACT"])),
            "mysql_default_charset": "utf8mb4",
        }

    def constrain(self, draw: Any, table: Table, keys: list[str], number: int) -> None:
        numbered = Column("id", Integer)
        table.append_column(numbered)
        if draw(st.booleans()):
            table.append_constraint(PrimaryKeyConstraint("id"))
            numbered.autoincrement = draw(st.booleans())
        else:
            table.append_constraint(PrimaryKeyConstraint(*draw(st.permutations(keys))[:2]))
        table.append_column(Column("plus", Integer, Computed("1 + 1", draw(st.booleans()))))
        if draw(st.booleans()):
            table.append_constraint(UniqueConstraint(*keys[:2], name=draw(self.named("uq"))))
        condition = draw(st.sampled_from(["id > 0", "id IN (2, 3)", "')' <> ',' AND (id = 1)"]))
        if draw(st.booleans()) and not numbered.autoincrement:
            table.append_constraint(CheckConstraint(condition, name=draw(self.named("ck"))))
        if draw(st.booleans()):
            table.append_column(Column("long text", mysql.VARCHAR(100)))
            parts = [table.c["long text"], table.c["id"].desc()]
            Index(f"ix {number}`", *parts, mysql_length={"long text": 7})
        if draw(st.booleans()):
            table.append_column(Column("words", Text))
            Index("ft words", table.c.words, mysql_prefix="FULLTEXT")


class MariaDBModels(FamilyModels):
    """Text has literal defaults."""

    defaults: ClassVar[list[tuple[Any, list[Any]]]] = [*DEFAULTS, *ON_MARIADB]


class MySQLModels(FamilyModels):
    """What has no literal defaults has expressions; so have indexes. FULLTEXT has parsers."""

    defaults: ClassVar[list[tuple[Any, list[Any]]]] = [*DEFAULTS, *ON_MYSQL]

    def constrain(self, draw: Any, table: Table, keys: list[str], number: int) -> None:
        super().constrain(draw, table, keys, number)
        counted: Column[Any] = Column("counted", Integer)
        table.append_column(counted)
        expressions = [
            counted + 1,
            func.abs(counted).desc(),
            func.concat(counted, "), ''é\\"),
            case((counted > 1, "x%"), else_="`"),
        ]
        chosen = draw(st.lists(st.sampled_from(expressions), max_size=2))
        for place, expression in enumerate(chosen):
            parts = [expression, *draw(st.sampled_from([[], [counted]]))]
            Index(f"fx{place}", *parts, unique=draw(st.booleans()))
        if draw(st.booleans()):
            options = {"mysql_prefix": "FULLTEXT", "mysql_with_parser": "ngram"}
            table.append_column(Column("grams", Text))
            Index("ft grams", table.c.grams, **options)


@given(st.data())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_created_and_reflected_is_created_again(
    mysql_url: str, data: st.DataObject
) -> None:
    engine = create_engine(mysql_url)
    with engine.connect():
        models = MariaDBModels() if engine.dialect.is_mariadb else MySQLModels()
    metadata = data.draw(models.all())
    try:
        metadata.create_all(engine)
        found = MetaData()
        found.reflect(engine)
        assert found.tables.keys() == metadata.tables.keys()
        before = {name: created_by(mysql_url, name) for name in found.tables}
        found.drop_all(engine)
        found.create_all(engine)
        for name, lines in before.items():
            again = created_by(mysql_url, name)
            assert sorted(line.rstrip(",") for line in again) == sorted(
                line.rstrip(",") for line in lines
            )
        once_more = MetaData()
        once_more.reflect(engine)
        once_more.drop_all(engine)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            metadata.drop_all(connection)
        engine.dispose()
