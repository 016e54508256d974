"""PyMySQL: answers are read as the driver reads them, with none of its functions.

First the same bytes are given to both, in pieces of every size; then a server is asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pymysql
import pytest
from driver_calls import calls
from pymysql.constants import FIELD_TYPE

from backends.series import numbers
from ormolu import Connection, Engine, create_engine, text
from ormolu.dialects.mysql.pymysql_driver import (
    DRIVER,
    PyMySQLConnection,
    WiredPyMySQLConnection,
)
from ormolu.dialects.mysql.pymysql_wire import Wire, fits, left_by
from ormolu.exc import OperationalError, ProgrammingError
from ormolu.io.outcome import Outcome
from ormolu.testing.servers import MySQLFamilyServer

MORE = 8
UTF8, BINARY = 45, 63
NUMBER = ("n", FIELD_TYPE.LONG, BINARY)
WORDS = ("words", FIELD_TYPE.VAR_STRING, UTF8)
BYTES = ("data", FIELD_TYPE.BLOB, BINARY)
LARGEST = 0xFFFFFF


# -- a server's answers ----------------------------------------------------------------------


def number(value: int) -> bytes:
    if value < 251:
        return bytes([value])
    size, mark = next((s, m) for s, m in ((2, 252), (3, 253), (8, 254)) if value < 256**s)
    return bytes([mark]) + value.to_bytes(size, "little")


def sized(value: bytes | None) -> bytes:
    return b"\xfb" if value is None else number(len(value)) + value


def packets(*bodies: bytes, first: int = 1) -> bytes:
    """Bodies as they are sent; one that is too long for a packet takes several."""
    parts = []
    for body in bodies:
        rest = body
        while len(rest) >= LARGEST:
            parts.append(rest[:LARGEST])
            rest = rest[LARGEST:]
        parts.append(rest)
    heads = [len(p).to_bytes(3, "little") + bytes([i & 255]) for i, p in enumerate(parts, first)]
    return b"".join([head + part for head, part in zip(heads, parts, strict=True)])


def ok(count: int = 0, key: int = 0, status: int = 2, told: bytes = b"") -> bytes:
    flags = status.to_bytes(2, "little") + b"\0\0"
    return b"\0" + number(count) + number(key) + flags + told


def end(status: int = 2) -> bytes:
    return b"\xfe\0\0" + status.to_bytes(2, "little")


def refusal(errno: int, words: bytes) -> bytes:
    return b"\xff" + errno.to_bytes(2, "little") + b"#42000" + words


def column(name: str, kind: int, charset: int) -> bytes:
    names = [sized(each) for each in (b"def", b"db", b"t", b"t", name.encode(), b"")]
    facts = charset.to_bytes(2, "little") + (255).to_bytes(4, "little")
    return b"".join(names) + b"\x0c" + facts + bytes([kind]) + b"\0\0\0\0\0"


def answer(
    columns: Sequence[tuple[str, int, int]],
    rows: Sequence[Sequence[bytes | None]],
    last: bytes = end(),
    first: int = 1,
) -> bytes:
    bodies = [number(len(columns)), *[column(*each) for each in columns], end()]
    bodies += [b"".join(map(sized, row)) for row in rows]
    return packets(*bodies, last, first=first)


class Pieces(io.RawIOBase):
    """What a network delivers: so many bytes at once."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = memoryview(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        some = self._data[: min(self._size, len(buffer))]
        self._data = self._data[len(some) :]
        buffer[: len(some)] = some
        return len(some)


class Interrupted(Pieces):
    """A network at which the user loses patience when what there is has come."""

    def readinto(self, buffer: Any) -> int:
        if size := super().readinto(buffer):
            return size
        raise KeyboardInterrupt


class Deaf:
    """A socket whose other end takes whatever is sent."""

    def sendall(self, data: bytes) -> None:
        """Send nothing."""

    def settimeout(self, seconds: float | None) -> None:
        """Wait for nothing."""

    def close(self) -> None:
        """Close nothing."""


def peer(data: bytes, size: int = 8192) -> Any:
    """A driver's connection that will read these bytes, so many at once."""
    raw = pymysql.connect(defer_connect=True, ssl_disabled=True, charset="utf8mb4")
    raw._sock = Deaf()
    raw._rfile = io.BufferedReader(Pieces(data, size))
    raw._result = None
    raw._current_timeout = None
    raw._next_seq_id = 0
    raw.server_status = 2
    return raw


def read(raw: Any, times: int = 1) -> list[Outcome]:
    """Ask so often, for what the same statement answers."""
    wire = Wire(raw)
    left = []
    for _ in range(times):
        wire.send(b"SELECT")
        left.append(wire.read("SELECT"))
        while wire.more:
            left.append(wire.read(""))
    return left


def read_by_the_driver(raw: Any, times: int = 1) -> list[Outcome]:
    left = []
    for _ in range(times):
        raw.query("SELECT")
        left.append(left_by(raw._result))
        while raw._result.has_next:
            raw.next_result()
            left.append(left_by(raw._result))
    return left


ROWS = [
    (b"1", "häuser".encode(), b"\xff\0"),
    (None, None, None),
    (b"-12345678901234567890", b"", b"x" * 250),
    (b"3", b"y" * 251, b"z" * 300),
    (b"4", b"y" * 70_000, b""),
]
ANSWERS = {
    "changed": packets(ok(1, 5)),
    "changed much, and told": packets(ok(70_000, 2**40, told=b"t" * 300)),
    "key of two bytes": packets(ok(1, 1000)),
    "rows": answer((NUMBER, WORDS, BYTES), ROWS),
    "no rows": answer((NUMBER,), ()),
    "one column, a long row first": answer((WORDS,), ((b"w" * 700,), (b"v",))),
    "several": packets(ok(1, 2, MORE))
    + answer((WORDS,), ((b"a",), (b"b",)), end(MORE), 2)
    + answer((NUMBER, WORDS), ((b"1", b"c"),), end(MORE), 8)
    + packets(ok(3), first=14),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_in_pieces_of_any_size_the_driver_and_the_wire_read_the_same(name: str) -> None:
    data = ANSWERS[name]
    expected = read_by_the_driver(peer(data * 2), 2)
    assert len(expected) >= 2
    for size in (*range(1, 40), 97, 251, 1000, 4096, 8191, 8192):
        raw = peer(data * 2, size)
        assert read(raw, 2) == expected
        assert raw._rfile.read() == b""


def test_a_row_longer_than_a_packet_can_be() -> None:
    row = (b"1", b"x" * LARGEST, b"y" * 10)
    data = answer((NUMBER, WORDS, BYTES), (row, ROWS[0]))
    (left,) = read(peer(data, 1 << 20))
    assert left.rows == [(1, "x" * LARGEST, b"y" * 10), (1, "häuser", b"\xff\0")]


def test_an_error_after_rows_is_the_servers_and_the_next_answer_is_read() -> None:
    failing = answer((NUMBER,), ((b"1",), (b"2",)), refusal(1317, b"interrupted"))
    for size in (1, 7, 8192):
        raw = peer(failing + packets(ok(1, 9)), size)
        wire = Wire(raw)
        with pytest.raises(pymysql.OperationalError, match="interrupted") as caught:
            wire.ask(b"SELECT", "a")
        assert caught.value.args[0] == 1317
        assert wire.ask(b"INSERT", "b").lastrowid == 9


def test_an_error_at_once_is_raised_by_the_driver() -> None:
    raw = peer(packets(refusal(1064, b"what?")) + packets(ok(2)))
    wire = Wire(raw)
    with pytest.raises(pymysql.ProgrammingError, match="what"):
        wire.ask(b"SELEC", "a")
    assert wire.ask(b"UPDATE", "b").rowcount == 2


@pytest.mark.parametrize("name", ["changed", "rows", "several"])
def test_an_answer_cut_short_is_a_lost_connection(name: str) -> None:
    data = ANSWERS[name]
    for length in {*range(0, min(len(data), 200), 3), len(data) - 1}:
        raw = peer(data[:length], 64)
        with pytest.raises(pymysql.OperationalError, match="Lost connection") as caught:
            read(raw)
        assert caught.value.args[0] == 2013
        assert not raw.open


def test_a_packet_out_of_turn_closes_the_connection() -> None:
    raw = peer(packets(ok(), first=3))
    with pytest.raises(pymysql.InternalError, match="sequence"):
        read(raw)
    assert not raw.open


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_an_interrupt_leaves_no_answer_to_the_next_statement(ending: str) -> None:
    data = ANSWERS["rows"]
    for length in (0, 3, len(data) // 2, len(data) - 1):
        raw = peer(b"")
        raw._rfile = io.BufferedReader(Interrupted(data[:length], 64))
        adapter = DRIVER.adapt(raw)
        with pytest.raises(KeyboardInterrupt):
            if length:
                adapter.fetchall("SELECT", ())
            else:
                getattr(adapter, ending)()
        assert adapter.broken
        with pytest.raises(pymysql.InterfaceError):
            adapter.fetchall("SELECT", ())


def test_other_columns_for_the_same_text_are_noticed() -> None:
    one, two = answer((NUMBER,), ((b"1",),)), answer((WORDS,), ((b"1",),))
    first, second, third = read(peer(one + two + two), 3)
    assert (first.rows, second.rows, third.rows) == ([(1,)], [("1",)], [("1",)])
    assert second.description is third.description


def test_columns_are_described_once_whatever_brings_them() -> None:
    wire = Wire(peer(ANSWERS["rows"] * 600))
    lefts = [wire.ask(b"SELECT", f"SELECT {number}") for number in range(600)]
    assert all(left == lefts[0] for left in lefts)
    assert len({id(left.description) for left in lefts}) == 1
    assert len(wire._known) < 600


def test_a_connection_that_is_not_known_is_left_to_the_driver() -> None:
    class Other(pymysql.connections.Connection):
        pass

    raw = peer(b"")
    assert fits(raw)
    assert type(DRIVER.adapt(raw)) is WiredPyMySQLConnection
    raw._rfile = io.BytesIO()
    assert not fits(raw)
    assert type(DRIVER.adapt(raw)) is PyMySQLConnection
    assert not fits(Other(defer_connect=True))


# -- on a server -----------------------------------------------------------------------------

VALUES = f"""
    SELECT 1, -2, 3.5, 1e0/3, NULL, '', 'häuser €', x'00ff', b'101', DATE '2020-02-29',
    TIME '-12:30:01.5', TIMESTAMP '2020-01-01 10:00:00.000001', CAST('{{"a": [1]}}' AS CHAR),
    REPEAT('x', 250), REPEAT('ü', 251), REPEAT('y', 70000), seq FROM {numbers(300)}
"""


@pytest.fixture
def url(mysql_url: str) -> str:
    return mysql_url.replace("mysql:", "mysql+pymysql:")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def raw_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def test_every_kind_of_value_is_what_the_driver_makes_of_it(connection: Connection) -> None:
    found = connection.execute(text(VALUES)).all()
    with raw_of(connection).cursor() as cursor:
        cursor.execute(VALUES)
        expected = list(cursor.fetchall())
    assert [tuple(row) for row in found] == expected
    assert [list(map(type, row)) for row in found[:1]] == [list(map(type, expected[0]))]


def test_a_statement_and_a_commit_call_nothing_of_the_driver(connection: Connection) -> None:
    def work() -> None:
        connection.execute(text("SELECT id, words FROM note WHERE id = :id"), {"id": 1}).all()
        connection.execute(text("UPDATE note SET words = NULL WHERE id = :id"), {"id": 1})
        connection.commit()
        connection.execute(text("SELECT 1")).all()
        connection.rollback()

    connection.execute(text("CREATE TABLE note (id INT PRIMARY KEY, words TEXT)"))
    connection.execute(text("INSERT INTO note VALUES (1, 'a')"))
    assert calls(work, pymysql) == []
    query = calls(lambda: raw_of(connection).query("SELECT 1"), pymysql)
    assert ":MySQLResult.read" in query


def test_a_changed_table_gives_its_new_columns(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE note (id INT)"))
    connection.execute(text("INSERT INTO note VALUES (1)"))
    statement = text("SELECT * FROM note")
    assert connection.execute(statement).mappings().all() == [{"id": 1}]
    connection.execute(text("ALTER TABLE note MODIFY id VARCHAR(10), ADD words TEXT FIRST"))
    assert connection.execute(statement).mappings().all() == [{"words": None, "id": "1"}]


def test_converters_set_on_the_drivers_connection_are_used(connection: Connection) -> None:
    statement = text("SELECT CAST(5 AS SIGNED)")
    assert connection.scalar(statement) == 5
    # An integer of MySQL's is a longer one than MariaDB's.
    kinds = (FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG)
    raw_of(connection).decoders = dict.fromkeys(kinds, lambda v: f"<{v}>")
    assert connection.scalar(statement) == "<5>"


def test_another_character_set(connection: Connection) -> None:
    statement = text("SELECT 'ä'")
    assert connection.scalar(statement) == "ä"
    raw_of(connection).set_character_set("latin1")
    assert connection.scalar(statement) == "ä"
    assert connection.scalar(text("SELECT HEX(:a)"), {"a": "ä"}) == "E4"


def test_texts_where_a_backslash_is_one(connection: Connection) -> None:
    told = r"a\'b" + "\\"
    assert connection.scalar(text("SELECT :a"), {"a": told}) == told
    connection.execute(text("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"))
    assert connection.scalar(text("SELECT :a"), {"a": told}) == told


def test_a_file_that_the_server_asks_for(private_mysql: MySQLFamilyServer, tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text("one\ntwo\n")
    private_mysql.execute("SET GLOBAL local_infile = 1")
    url = private_mysql.url(driver="mysql+pymysql")
    engine = create_engine(url, connect_args={"local_infile": True})
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE words (word TEXT)"))
        connection.execute(text(f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE words"))
        assert connection.scalars(text("SELECT word FROM words")).all() == ["one", "two"]
    engine.dispose()


def test_too_few_values_are_an_error_of_the_program(connection: Connection) -> None:
    with pytest.raises(ProgrammingError, match="not enough arguments"):
        connection.exec_driver_sql("SELECT %s, %s", (1,))
    assert connection.scalar(text("SELECT 1")) == 1


def test_a_limit_for_reading_alone(url: str) -> None:
    engine = create_engine(url, connect_args={"read_timeout": 1})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        with pytest.raises(OperationalError, match="2013") as caught:
            connection.execute(text("SELECT SLEEP(10)"))
        assert caught.value.connection_invalidated
    engine.dispose()


def test_a_class_of_ones_own_goes_through_the_driver(url: str) -> None:
    class Own(pymysql.connections.Connection):
        asked = 0

        def query(self, sql: Any, unbuffered: bool = False) -> Any:
            self.asked += 1
            return super().query(sql, unbuffered)

    arguments = create_engine(url).url.translate_connect_args(username="user")
    engine = create_engine(url, creator=lambda: Own(**arguments))
    with engine.connect() as connection:
        before = raw_of(connection).asked
        connection.execute(text("CREATE TABLE note (id INT PRIMARY KEY)"))
        insert = text("INSERT INTO note VALUES (:id)")
        assert connection.execute(insert, [{"id": 1}, {"id": 2}]).rowcount == 2
        assert connection.scalars(text("SELECT id FROM note")).all() == [1, 2]
        connection.commit()
        assert raw_of(connection).asked == before + 3
    engine.dispose()
