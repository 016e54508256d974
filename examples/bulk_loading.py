"""Many rows: four ways to insert them, and how to change and read them without loading objects.

Prints what each way took; the numbers vary with the machine, their order hardly does.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from ormolu import bindparam, create_engine, func, insert, select, update
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column

ROWS = 5_000


class Base(DeclarativeBase):
    pass


class Reading(Base):
    __tablename__ = "readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    sensor: Mapped[str]
    value: Mapped[float]


@contextmanager
def timed(what: str) -> Generator[None]:
    start = time.perf_counter()
    yield
    took = (time.perf_counter() - start) * 1000
    print(f"{what:<52} {took:7.1f} ms   {took * 1000 / ROWS:5.2f} µs a row")


def main() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    rows = [{"sensor": f"s{number % 10}", "value": number / 7} for number in range(ROWS)]

    with timed("insert(Table) with a list, no ORM"), engine.begin() as connection:
        connection.execute(insert(Reading.__table__), rows)
    with timed("insert(Reading) with a list, in a session"), Session(engine) as session:
        session.execute(insert(Reading), rows)
    with timed("the same, with the objects back"), Session(engine) as session:
        readings = session.scalars(insert(Reading).returning(Reading), rows).all()
        assert readings[-1].id == 3 * ROWS
    with timed("add_all: objects, their keys filled in"), Session(engine) as session:
        objects = [Reading(**row) for row in rows]
        session.add_all(objects)
    assert objects[-1].id == 4 * ROWS

    with timed("one UPDATE for all rows of a sensor"), Session(engine) as session:
        doubled = update(Reading).where(Reading.sensor == "s3").values(value=Reading.value * 2)
        print("   rows changed:", session.execute(doubled).rowcount)  # type: ignore[attr-defined]
    with timed("an UPDATE per row, from a list"), engine.begin() as connection:
        table = Reading.__table__
        by_key = update(table).where(table.c.id == bindparam("key")).values(value=bindparam("new"))
        connection.execute(by_key, [{"key": n + 1, "new": 0.0} for n in range(ROWS)])

    with timed("read columns, not objects"), Session(engine) as session:
        total = session.execute(
            select(Reading.sensor, func.avg(Reading.value)).group_by(Reading.sensor)
        ).all()
        print("   sensors:", len(total))
    with timed("read objects in chunks"), Session(engine) as session:
        result = session.scalars(select(Reading).where(Reading.id <= ROWS))
        print("   chunks:", sum(1 for _ in result.partitions(1000)))


if __name__ == "__main__":
    main()
