"""The statement cache is bounded and keeps what is used."""

from __future__ import annotations

from ormolu.engine.cache import StatementCache


def test_what_is_put_is_found() -> None:
    cache = StatementCache(10)
    cache["key"] = 1
    assert cache.get("key") == 1
    assert cache.get("other") is None
    assert "key" in cache
    cache.clear()
    assert len(cache) == 0


def test_it_holds_at_most_one_and_a_half_times_its_size() -> None:
    cache = StatementCache(100)
    for number in range(10_000):
        cache[number] = number + 1
        assert len(cache) <= 150
    assert cache.get(9_999) == 10_000
    assert cache.get(0) is None


def test_what_is_used_stays() -> None:
    cache = StatementCache(100)
    cache["hot"] = "kept"
    for number in range(10_000):
        cache[number] = True
        assert cache.get("hot") == "kept"


def test_size_zero_keeps_nothing() -> None:
    cache = StatementCache(0)
    cache["key"] = 1
    assert cache.get("key") is None
    assert len(cache) == 0
