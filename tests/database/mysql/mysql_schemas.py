"""Schemas that the server makes of plain SQL, for the tests of reflection.

``ALIKE`` holds what SQLAlchemy describes as well; ``BEYOND`` what it leaves out or gets wrong, so
that the tests say what the truth is. ``{own}`` is the database, ``{other}`` a second one,
``{unused}`` the word for an index that no query uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pymysql

from ormolu.engine.url import make_url


class Statements(NamedTuple):
    """What every server understands, then what MariaDB or MySQL alone does."""

    common: list[str]
    mariadb: list[str]
    mysql: list[str]


_ALIKE = [
    """CREATE TABLE numbers (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
        a TINYINT, b TINYINT(1), c TINYINT(3) UNSIGNED ZEROFILL, d SMALLINT(5) UNSIGNED,
        e MEDIUMINT(7), f INT, g INT(8) ZEROFILL, h BIGINT, i BOOLEAN DEFAULT TRUE,
        j DECIMAL, k DECIMAL(10,2) UNSIGNED, l NUMERIC(5), m FLOAT, n FLOAT(7,3), o FLOAT(30),
        p DOUBLE, q DOUBLE(10,4) UNSIGNED ZEROFILL, r REAL, s BIT, t BIT(8), u YEAR, v YEAR(4),
        w INT DEFAULT (1 + 2), x INT DEFAULT 5, y DECIMAL(5,2) DEFAULT 1.50,
        z INT NOT NULL DEFAULT -3, aa DOUBLE DEFAULT 1e10
    ) COMMENT 'numbers''s "comment" \\\\ back'""",
    """CREATE TABLE strings (
        a CHAR(3), b VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL
            DEFAULT 'it''s "q" \\\\ x',
        c TEXT, d TINYTEXT, e MEDIUMTEXT COLLATE utf8mb4_bin, f LONGTEXT, g NCHAR(4),
        h NVARCHAR(5), i BINARY(3), j VARBINARY(9), k BLOB, l TINYBLOB, m MEDIUMBLOB, n LONGBLOB,
        o ENUM('a','it''s','c,d','','"q"') DEFAULT 'a', p SET('x','y') DEFAULT 'x,y',
        q SET('', 'z'), s CHAR, t VARCHAR(3) BINARY, u BINARY,
        v VARCHAR(10) DEFAULT NULL COMMENT 'a ''comment'' \\\\ with , and ) ` and %',
        w TEXT(70000), x BLOB(10), y VARCHAR(3) COLLATE utf8mb4_unicode_ci,
        z VARCHAR(5) CHARACTER SET ascii DEFAULT 'NULL',
        aa ENUM('a','b') CHARACTER SET latin1 NOT NULL, ac VARCHAR(3) DEFAULT '',
        `per%cent` INT, `co:lon` INT
    ) ROW_FORMAT=DYNAMIC CHECKSUM=1 AVG_ROW_LENGTH=100 MIN_ROWS=1 MAX_ROWS=1000""",
    """CREATE TABLE moments (
        a DATE DEFAULT '2020-01-01', b TIME, c TIME(6), d DATETIME DEFAULT CURRENT_TIMESTAMP,
        e DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
        f TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
        g TIMESTAMP NULL, h TIMESTAMP(3) NULL DEFAULT NULL, i DATE DEFAULT (curdate()),
        j DATETIME DEFAULT '2001-01-01 00:00:00',
        id INT NOT NULL AUTO_INCREMENT PRIMARY KEY
    ) AUTO_INCREMENT=50 DEFAULT CHARSET=latin1 COLLATE=latin1_german2_ci COMMENT='t'""",
    """CREATE TABLE computed (
        a INT, b VARCHAR(10), c INT AS (a * 2) VIRTUAL COMMENT 'vc', d INT AS (a + 1) STORED,
        e VARCHAR(20) AS (concat(b, 'it''s', ')')) STORED, KEY ix_c (c), UNIQUE KEY (b, a)
    )""",
    "CREATE TABLE {other}.far (id INT PRIMARY KEY, x INT, UNIQUE KEY ux (x))",
    """CREATE TABLE parent (
        id INT NOT NULL AUTO_INCREMENT, code CHAR(2) NOT NULL, n INT,
        PRIMARY KEY (id, code), UNIQUE KEY uq_n (n), UNIQUE uq_nc (n, code)
    )""",
    """CREATE TABLE child (
        id INT NOT NULL PRIMARY KEY, pid INT, pcode CHAR(2), n INT, self INT, far_x INT, ä INT,
        CONSTRAINT fk_pair FOREIGN KEY (pid, pcode) REFERENCES parent (id, code) ON DELETE CASCADE,
        CONSTRAINT fk_n FOREIGN KEY (n) REFERENCES parent (n)
            ON DELETE RESTRICT ON UPDATE NO ACTION,
        FOREIGN KEY (self) REFERENCES child (id) ON DELETE SET NULL ON UPDATE CASCADE,
        CONSTRAINT fk_far FOREIGN KEY (far_x) REFERENCES {other}.far (x) ON UPDATE RESTRICT,
        CONSTRAINT ck_a CHECK (ä > 0 AND ä <> 5 OR ä IN (7, 8)),
        CHECK (ä < 100),
        CONSTRAINT `c'c` CHECK (ä <> '('),
        KEY ix_n (n, pcode(1)), KEY `ix odd` (far_x, n), KEY ix_hash (self) COMMENT 'ixc'
    )""",
    """CREATE TABLE {other}.`Odd Far` (
        id INT PRIMARY KEY, y INT, code CHAR(2) CHARACTER SET utf8mb4,
        CONSTRAINT fk_in FOREIGN KEY (y) REFERENCES {other}.far (id) ON DELETE CASCADE,
        CONSTRAINT fk_back FOREIGN KEY (id, code) REFERENCES {own}.parent (id, code)
    )""",
    """CREATE TABLE searched (
        id INT PRIMARY KEY, t TEXT NOT NULL, u VARCHAR(100), v INT,
        FULLTEXT KEY ft (t, u), FULLTEXT ft2 (u), UNIQUE KEY uq_t (t(10)), KEY pre (t(5), u(7)),
        KEY ub (v) USING BTREE COMMENT 'hey'
    )""",
    """CREATE TABLE myisam (a INT, b TEXT, FULLTEXT KEY x (b))
        ENGINE=MyISAM PACK_KEYS=1 DELAY_KEY_WRITE=1 CHECKSUM=1 COMMENT='my\\'i, ENGINE=x'""",
    "CREATE TABLE small (x INT) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
    "CREATE TABLE hashed (id INT) PARTITION BY HASH (id) PARTITIONS 4",
    "CREATE TABLE `select` (`order` INT PRIMARY KEY, `group by` INT, KEY `key` (`group by`))",
    """CREATE TABLE `with%per``c"'é` (
        `a)b` INT, `c,d` INT, PRIMARY KEY (`a)b`, `c,d`), KEY `i)x` (`c,d`)
    )""",
    "CREATE TABLE nothing (x INT)",
    "CREATE TABLE Mixed (Id INT PRIMARY KEY, Other INT, KEY Ix_Mixed (Other))",
    "CREATE TABLE mixed (x INT, CONSTRAINT fk_m FOREIGN KEY (x) REFERENCES Mixed (Id))",
    """CREATE VIEW some AS SELECT id, code AS c, concat(code, 'x') AS e, 1 + n AS f,
        CAST(id AS CHAR(20)) AS g FROM parent""",
    "CREATE VIEW `odd view` AS SELECT 1 AS x, 'a''b' AS `y z`",
    "CREATE VIEW {other}.seen AS SELECT * FROM parent",
]

_ALIKE_ON_MARIADB = [
    "CREATE TABLE only (a UUID, b TEXT DEFAULT 'x', c INT AS (1 + 1) PERSISTENT)",
    "CREATE SEQUENCE seq_one START 5 INCREMENT 2",
    "CREATE SEQUENCE `Seq 2`",
    "CREATE TABLE versioned (x INT) WITH SYSTEM VERSIONING",
]

_ALIKE_ON_MYSQL = [
    """CREATE TABLE only (
        a TEXT DEFAULT ('x'), b JSON DEFAULT (json_array(1, 'a')), c CHAR(36) DEFAULT (uuid()),
        d VARCHAR(50) DEFAULT (concat('a', 'b\\'c', "x\\\\y", 'ä€')),
        e VARCHAR(9) DEFAULT ('CURRENT'),
        f VARCHAR(30) DEFAULT 'CURRENT_TIMESTAMP', g VARCHAR(30) DEFAULT '0x41',
        h VARCHAR(9) DEFAULT "b'1'", i VARCHAR(30) DEFAULT 'a\\nb\\tc\\0',
        j DATETIME DEFAULT (now()),
        k VARBINARY(9) DEFAULT 'abc', l VARBINARY(3) DEFAULT 0x00ff41, m BINARY(5) DEFAULT 'x',
        n VARBINARY(9) DEFAULT '0x41', o BLOB DEFAULT (0x4142),
        p BINARY(16) DEFAULT (uuid_to_bin(uuid())),
        `zä` VARCHAR(9) DEFAULT 'ä', ö INT AS (length(`zä`) + length('日本')),
        r INT CHECK (r <> 3) NOT ENFORCED,
        CONSTRAINT ck_text CHECK (f REGEXP '^a\\\\.b' AND g LIKE 'it''s%')
    )""",
    "CREATE TABLE hidden (id INT PRIMARY KEY, e INT INVISIBLE DEFAULT 3, KEY unused (e) INVISIBLE)",
    "CREATE TABLE three (a VARCHAR(3), b VARCHAR(4) CHARACTER SET utf8mb4) CHARSET=utf8mb3",
    "CREATE TABLE keyed (a INT, b INT) PARTITION BY KEY (a) PARTITIONS 3",
    "CREATE TABLE part (x INT) ENGINE=MyISAM",
    "CREATE TABLE whole (x INT) ENGINE=MERGE UNION=(part) INSERT_METHOD=LAST",
    """CREATE TABLE ngrams (
        a VARCHAR(20), FULLTEXT KEY ft (a) WITH PARSER ngram, FULLTEXT KEY plain (a)
    )""",
]

_BEYOND = [
    """CREATE TABLE names (
        `a``b"c` INT, `d\\e` ENUM('a\\\\b', 'x\\'y', 'n\\nl', 'z'),
        KEY `k``l` (`a``b"c`), CONSTRAINT `c``k` CHECK (`a``b"c` > 0)
    )""",
    """CREATE TABLE algorithms (
        a INT, b INT, c VARCHAR(20), PRIMARY KEY (b) USING BTREE,
        KEY h (a) USING HASH, KEY t (b) USING BTREE
    ) ENGINE=MEMORY""",
    "CREATE TABLE sorted (a INT, b INT, KEY down (a DESC, b), KEY unused (b) {unused})",
    """CREATE TABLE parts (id INT, d DATE) STATS_PERSISTENT=1 PARTITION BY RANGE (id)
        SUBPARTITION BY HASH (to_days(d)) SUBPARTITIONS 2
        (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)""",
    "CREATE TABLE united (x INT) ENGINE=MERGE UNION=() INSERT_METHOD=LAST",
    """CREATE TABLE listed (a INT, b INT) PARTITION BY LIST COLUMNS (a, b) (
        PARTITION p0 VALUES IN ((1, 2), (2, 3)) COMMENT = 'it''s',
        PARTITION p1 VALUES IN ((5, 6))
    )""",
    "CREATE TABLE places (g POINT NOT NULL, SPATIAL KEY sp (g))",
]

_BEYOND_ON_MARIADB = [
    "CREATE SEQUENCE counter",
    """CREATE TABLE defaults (
        id INT PRIMARY KEY DEFAULT nextval(counter), a BIT(4) DEFAULT b'0101',
        b VARCHAR(20) DEFAULT (concat('a', 'b')), c DATETIME ON UPDATE CURRENT_TIMESTAMP,
        d TIMESTAMP(6) NULL ON UPDATE CURRENT_TIMESTAMP(6), e INT INVISIBLE DEFAULT 3,
        f INT DEFAULT 7 CHECK (f > 1), g LONGTEXT CHECK (json_valid(g)), h JSON
    )""",
    "CREATE TABLE addresses (i INET6, j INET4)",
    "CREATE TABLE aria (a INT) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1",
]

_BEYOND_ON_MYSQL = [
    """CREATE TABLE defaults (
        a BIT(4) DEFAULT b'0101', c DATETIME ON UPDATE CURRENT_TIMESTAMP,
        d TIMESTAMP(6) NULL ON UPDATE CURRENT_TIMESTAMP(6),
        e DATETIME DEFAULT (now() + INTERVAL 1 DAY), f INT DEFAULT 7 CHECK (f > 1),
        g DATE DEFAULT (current_date + INTERVAL 1 YEAR), h VARCHAR(9) CHECK (h <> '{a:b}%:h')
    )""",
    """CREATE TABLE functional (
        id INT PRIMARY KEY, a INT, b VARCHAR(30), ä JSON,
        KEY one ((a + 1)), KEY two ((lower(b)), a DESC), KEY three ((abs(a)) DESC, b(4)),
        UNIQUE KEY four ((concat(b, 'it''s', ')', '%'))), UNIQUE KEY five (a, (length(b))),
        KEY six ((CAST(ä->'$.z' AS UNSIGNED ARRAY)))
    )""",
    "CREATE TABLE packed (x INT) COMPRESSION='zlib' STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=5",
    "CREATE TABLE counted (x SERIAL)",
    "CREATE TABLE vectors (v VECTOR(3))",
]

ALIKE = Statements(_ALIKE, _ALIKE_ON_MARIADB, _ALIKE_ON_MYSQL)
BEYOND = Statements(_BEYOND, _BEYOND_ON_MARIADB, _BEYOND_ON_MYSQL)


@contextmanager
def raw(url: str) -> Iterator[pymysql.Connection]:
    """A raw connection in autocommit."""
    at = make_url(url)
    connection = pymysql.connect(
        host=at.host or "127.0.0.1",
        port=at.port or 3306,
        user=at.username,
        password=at.password or "",
        database=at.database,
        charset="utf8mb4",
        autocommit=True,
    )
    try:
        yield connection
    finally:
        connection.close()


def other_of(url: str) -> str:
    """The name of the second database, which is dropped with the first."""
    return f"{make_url(url).database}_other"


def is_mariadb(connection: pymysql.Connection) -> bool:
    """Whether the server is MariaDB."""
    return "mariadb" in connection.get_server_info().lower()


def make_schema(url: str, *groups: Statements) -> None:
    """Execute the statements that the server understands; the second database was not there."""
    own, other = make_url(url).database, other_of(url)
    with raw(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {other} CHARACTER SET latin1")
        mariadb = is_mariadb(connection)
        marks = {
            "{other}": other,
            "{own}": str(own),
            "{unused}": "IGNORED" if mariadb else "INVISIBLE",
        }
        for statement in _understood(groups, mariadb):
            for mark, text in marks.items():
                statement = statement.replace(mark, text)
            cursor.execute(statement)


def _understood(groups: Iterable[Statements], mariadb: bool) -> Iterator[str]:
    for group in groups:
        yield from group.common
        yield from group.mariadb if mariadb else group.mysql


def created_by(url: str, name: str) -> list[str]:
    """The lines of SHOW CREATE TABLE."""
    quoted = name.replace("`", "``")
    with raw(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"SHOW CREATE TABLE `{quoted}`")
        row = cursor.fetchone()
    assert row is not None
    return str(row[1]).split("\n")
