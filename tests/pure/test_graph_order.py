"""Topological order and cycles."""

from __future__ import annotations

import pytest

from ormolu import graph


def test_equals_keep_the_given_order() -> None:
    assert graph.sort("cab", []) == ["c", "a", "b"]


def test_an_edge_puts_its_first_node_before() -> None:
    assert graph.sort("abcmz", [("z", "a"), ("a", "m"), ("b", "c")]) == ["b", "z", "a", "c", "m"]


def test_edges_to_unknown_nodes_are_ignored() -> None:
    assert graph.sort("ab", [("q", "a"), ("b", "q")]) == ["a", "b"]


def test_a_cycle_is_spelled_out() -> None:
    with pytest.raises(graph.CircularDependencyError, match="a -> b -> c -> a") as caught:
        graph.sort("xabc", [("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")])
    assert caught.value.cycles == {"a", "b", "c"}


def test_cycles_are_the_groups_in_the_given_order() -> None:
    edges = [("d", "e"), ("e", "d"), ("a", "b"), ("b", "a"), ("b", "c"), ("f", "f")]
    assert graph.cycles("abcdef", edges) == [["a", "b"], ["d", "e"], ["f"]]


def test_deep_chains_need_no_recursion() -> None:
    nodes = range(5000)
    assert graph.cycles(nodes, zip(nodes, range(1, 5000), strict=False)) == []


def test_rounds_hold_what_does_not_depend_on_each_other() -> None:
    assert list(graph.rounds("abc", [("a", "c")])) == [["a", "b"], ["c"]]
