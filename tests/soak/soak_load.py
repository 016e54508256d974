"""What the workers of the soak do, and what they note of it.

Every transaction writes several rows that belong together, and moves amounts between accounts as
its rows say. Its worker notes how it ended:

==============  ===============================================================
acknowledged    ``commit()`` returned: every one of its rows must be there
refused         rolled back, failed or cancelled before COMMIT, or refused by the
                server: none of its rows may be there
unknown         ``CommitUnknown``, or cancelled during COMMIT: all rows or none
==============  ===============================================================

Whatever became of each: an account has what the rows that are there have moved, and who reads sees
all rows of a transaction or none. Only what a server's end, a full server or pool, or a conflict
looks like may go wrong; any other error is noted as unexpected.
"""

from __future__ import annotations

import asyncio
import builtins
import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ormolu import insert, literal, select, update
from ormolu.exc import CommitUnknown, OperationalError, PendingRollbackError, TimeoutError
from ormolu.ext.asyncio import AsyncConnection, AsyncSession
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column

ACCOUNTS = 1000

#: What the server's end looks like to those who use it, and deadlocks.
ACCIDENTS = (OperationalError, PendingRollbackError, TimeoutError)


class Base(DeclarativeBase):
    """The base of both classes."""


class Entry(Base):
    """One of the ``parts`` rows of a transaction; moves an amount to an account."""

    __tablename__ = "entry"

    work: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parts: Mapped[int]
    account: Mapped[int]
    amount: Mapped[int]


class Account(Base):
    """What was moved to it, all in all."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    balance: Mapped[int]


class Abandoned(Exception):
    """A worker changes its mind in the middle of a transaction."""


@dataclass
class Work:
    """One transaction."""

    number: int
    committing: bool = False
    """Whether COMMIT may have been sent."""


@dataclass
class Notes:
    """How every transaction ended, and what went wrong on the way."""

    acknowledged: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)
    unexpected: list[BaseException] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """Number a transaction, and note how its block ends."""
        work = Work(next(self.numbers))
        try:
            yield work
        except CommitUnknown:
            self.unknown.add(work.number)
            self.errors["CommitUnknown"] += 1
        except (asyncio.CancelledError, builtins.TimeoutError):
            (self.unknown if work.committing else self.refused).add(work.number)
            self.errors["cancelled"] += 1
        except (*ACCIDENTS, Abandoned) as error:
            self.refused.add(work.number)
            state = getattr(error, "sqlstate", None)
            self.errors[f"{type(error).__name__} {state}" if state else type(error).__name__] += 1
        except BaseException as error:
            self.refused.add(work.number)
            self.unexpected.append(error)
        else:
            self.acknowledged.add(work.number)


def rows(work: Work, dice: random.Random) -> list[dict[str, int]]:
    """The rows of a transaction."""
    parts = dice.randint(2, 5)
    accounts = dice.sample(range(ACCOUNTS), parts)
    if dice.random() < 0.95:  # the others make deadlocks
        accounts.sort()
    return [
        {
            "work": work.number,
            "part": part,
            "parts": parts,
            "account": account,
            "amount": dice.randint(-100, 100),
        }
        for part, account in enumerate(accounts)
    ]


def moving(row: dict[str, int]) -> Any:
    """The UPDATE that a row stands for."""
    changed = Account.balance + row["amount"]
    return update(Account).where(Account.id == row["account"]).values(balance=changed)


LATEST = select(Entry).order_by(Entry.work.desc()).limit(200)


def check(entries: Sequence[Entry]) -> None:
    """The rows of `LATEST`, or the first of them, show each transaction whole.

    :raises AssertionError: for one that doesn't; the last may go on beyond what was read.
    """
    there = Counter(entry.work for entry in entries)
    torn = [
        entry.work
        for entry in entries
        if there[entry.work] != entry.parts and entry.work != entries[-1].work
    ]
    assert not torn, f"transactions are half seen: {torn}"


def question(work: Work) -> Any:
    """A SELECT that gives the number of a transaction: any other answer was somebody else's."""
    return select(literal(work.number))


# -- what threads do


def work_in_thread(engine: Any, notes: Notes, stop: threading.Event, seed: int) -> None:
    """Run transactions until it is time to stop."""
    dice = random.Random(seed)
    while not stop.is_set():
        step = dice.choice([core_transaction, session_transaction, reading])
        with notes.transaction() as work:
            step(engine, work, dice)


def core_transaction(engine: Any, work: Work, dice: random.Random) -> None:
    """Statements of a connection, now and then abandoned."""
    with engine.connect() as connection:
        for row in rows(work, dice):
            connection.execute(insert(Entry), row)
            connection.execute(moving(row))
        if dice.random() < 0.1:
            connection.rollback()
            raise Abandoned
        connection.commit()


def session_transaction(engine: Any, work: Work, dice: random.Random) -> None:
    """Objects of a session, some of them in a savepoint."""
    first, *others = rows(work, dice)
    with Session(engine) as session:
        session.add(Entry(**first))
        session.get_one(Account, first["account"], with_for_update=True).balance += first["amount"]
        with session.begin_nested():
            session.add_all([Entry(**row) for row in others])
            for row in others:
                session.execute(moving(row))
        if dice.random() < 0.1:
            raise Abandoned


def reading(engine: Any, work: Work, dice: random.Random) -> None:
    """Read without writing, now and then not to the end; it is noted as refused."""
    with Session(engine) as session:
        assert session.scalar(question(work)) == work.number
        if dice.random() < 0.5:
            check(session.scalars(LATEST).all())
        else:
            found = session.scalars(LATEST.execution_options(yield_per=5))
            check(list(itertools.islice(found, dice.randint(0, 100))))
    raise Abandoned


# -- what tasks do


async def work_in_task(engine: Any, notes: Notes, stop: threading.Event, seed: int) -> None:
    """Run transactions until it is time to stop; some have too little time."""
    dice = random.Random(seed)
    while not stop.is_set():
        step = dice.choice([core_async, session_async, reading_async])
        with notes.transaction() as work:
            if dice.random() < 0.1:
                async with asyncio.timeout(dice.random() * 0.1):
                    await step(engine, work, dice)
            else:
                await step(engine, work, dice)
        await asyncio.sleep(dice.random() * 0.05)


async def core_async(engine: Any, work: Work, dice: random.Random) -> None:
    """As ``core_transaction``."""
    connection: AsyncConnection
    async with engine.connect() as connection:
        written = rows(work, dice)
        await connection.execute(insert(Entry), written)
        for row in written:
            await connection.execute(moving(row))
        if dice.random() < 0.1:
            await connection.rollback()
            raise Abandoned
        work.committing = True
        await connection.commit()


async def session_async(engine: Any, work: Work, dice: random.Random) -> None:
    """As ``session_transaction``."""
    first, *others = rows(work, dice)
    async with AsyncSession(engine) as session:
        session.add(Entry(**first))
        account = await session.get_one(Account, first["account"], with_for_update=True)
        account.balance += first["amount"]
        async with session.begin_nested():
            session.add_all([Entry(**row) for row in others])
            for row in others:
                await session.execute(moving(row))
        if dice.random() < 0.1:
            raise Abandoned
        work.committing = True


async def reading_async(engine: Any, work: Work, dice: random.Random) -> None:
    """As ``reading``."""
    async with AsyncSession(engine) as session:
        assert await session.scalar(question(work)) == work.number
        if dice.random() < 0.5:
            check((await session.scalars(LATEST)).all())
        else:
            wanted, entries = dice.randint(0, 100), []
            found = await session.stream_scalars(LATEST.execution_options(yield_per=5))
            async for entry in found:
                if len(entries) == wanted:
                    break
                entries.append(entry)
            check(entries)
    raise Abandoned
