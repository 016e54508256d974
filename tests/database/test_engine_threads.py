"""Many threads on one engine whose pool is smaller than they are."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from ormolu import (
    Column,
    Integer,
    MetaData,
    Table,
    create_engine,
    exc,
    insert,
    literal,
    select,
    text,
)
from ormolu.engine import Engine
from ormolu.pool import QueuePool

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("n", Integer, unique=True))


def _work(engine: Engine, seed: int, wrong: list[BaseException]) -> None:
    numbers = random.Random(seed)
    for _ in range(40):
        try:
            with engine.connect() as connection:
                kind = numbers.randrange(5)
                value = numbers.randrange(40)
                if kind == 0:
                    connection.execute(insert(t).values(n=value))
                    connection.commit()
                elif kind == 1:
                    connection.execute(text("SELECT * FROM absent"))
                elif kind == 2:
                    raise KeyError(value)
                elif kind == 3:
                    assert connection.scalar(select(literal(value) + seed)) == value + seed
                else:
                    wanted = [numbers.randrange(40) for _ in range(numbers.randrange(5))]
                    found = connection.scalars(select(t.c.n).where(t.c.n.in_(wanted))).all()
                    assert set(found) <= set(wanted)
        except (KeyError, exc.IntegrityError):
            pass
        except exc.OperationalError as error:
            if "absent" not in str(error):
                wrong.append(error)
        except BaseException as error:
            wrong.append(error)


def test_eight_threads_share_two_connections_and_give_all_back(tmp_path: Path) -> None:
    engine = create_engine(
        f"sqlite:///{tmp_path / 'threads.db'}",
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=0,
        connect_args={"timeout": 30},
    )
    metadata.create_all(engine)
    wrong: list[BaseException] = []
    threads = [threading.Thread(target=_work, args=(engine, seed, wrong)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert engine.pool.checkedout() == 0
    assert engine.pool.checkedin() == 2
    engine.dispose()
