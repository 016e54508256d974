"""Topological order and cycles, the same on every run.

An edge ``(before, after)`` says that ``before`` comes first. The order is made in rounds: each
round takes every node whose predecessors are all placed, in the order the nodes were given.
So among equals the given order holds, and tables come out in SQLAlchemy's order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from ormolu.exc import CircularDependencyError

N = TypeVar("N", bound=Hashable)

__all__ = ["CircularDependencyError", "cycles", "rounds", "sort"]


def sort(nodes: Iterable[N], edges: Iterable[tuple[N, N]]) -> list[N]:
    """The nodes in an order that satisfies every edge; edges to unknown nodes are ignored.

    :raises CircularDependencyError: there is none; the message spells out one cycle.
    """
    return [node for group in rounds(nodes, edges) for node in group]


def rounds(nodes: Iterable[N], edges: Iterable[tuple[N, N]]) -> Iterator[list[N]]:
    """The rounds of ``sort``: nodes of one round don't depend on each other."""
    order = {node: index for index, node in enumerate(nodes)}
    kept = [edge for edge in dict.fromkeys(edges) if edge[0] in order and edge[1] in order]
    waiting = dict.fromkeys(order, 0)
    followers: dict[N, list[N]] = {node: [] for node in order}
    for before, after in kept:
        followers[before].append(after)
        waiting[after] += 1
    ready = [node for node in order if not waiting[node]]
    placed = 0
    while ready:
        yield ready
        placed += len(ready)
        released: list[N] = []
        for node in ready:
            for after in followers[node]:
                waiting[after] -= 1
                if not waiting[after]:
                    released.append(after)
        ready = sorted(released, key=order.__getitem__)
    if placed < len(order):
        raise _circular(order, kept)


def cycles(nodes: Iterable[N], edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """The groups of nodes that depend on each other (strongly connected components).

    A node by itself counts only if it has an edge to itself. Groups and their members stand in
    the order of ``nodes``. (Tarjan's algorithm with its own stack: schemas may be deep.)
    """
    order = {node: index for index, node in enumerate(nodes)}
    followers: dict[N, list[N]] = {node: [] for node in order}
    for before, after in dict.fromkeys(edges):
        if before in order and after in order:
            followers[before].append(after)
    found = [
        sorted(group, key=order.__getitem__)
        for group in _components(followers)
        if len(group) > 1 or group[0] in followers[group[0]]
    ]
    return sorted(found, key=lambda group: order[group[0]])


def _components(followers: dict[N, list[N]]) -> Iterator[list[N]]:
    reached: dict[N, int] = {}
    low: dict[N, int] = {}
    path: dict[N, None] = {}
    for root in followers:
        if root in reached:
            continue
        walk: list[tuple[N, Iterator[N]]] = [(root, iter(followers[root]))]
        reached[root] = low[root] = len(reached)
        path[root] = None
        while walk:
            node, rest = walk[-1]
            for after in rest:
                if after not in reached:
                    reached[after] = low[after] = len(reached)
                    path[after] = None
                    walk.append((after, iter(followers[after])))
                    break
                if after in path:
                    low[node] = min(low[node], reached[after])
            else:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == reached[node]:
                    yield _pop_until(path, node)


def _pop_until(path: dict[N, None], node: N) -> list[N]:
    group: list[N] = []
    while not group or group[-1] != node:
        group.append(path.popitem()[0])
    return group


def _circular(order: Iterable[N], edges: Sequence[tuple[N, N]]) -> CircularDependencyError:
    groups = cycles(order, edges)
    members = {node for group in groups for node in group}
    inner = {edge for edge in edges if edge[0] in members and edge[1] in members}
    circle = " -> ".join(str(node) for node in _one_cycle(groups[0], edges))
    message = f"Circular dependency detected. ({circle})"
    return CircularDependencyError(message, members, inner, msg=message)


def _one_cycle(group: list[N], edges: Sequence[tuple[N, N]]) -> list[N]:
    """The shortest way from the group's first node back to it."""
    start = group[0]
    members = set(group)
    came_from: dict[N, N] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for before, after in edges:
            if before != node or after not in members:
                continue
            if after == start:
                way = [start]
                while node != start:
                    way.append(node)
                    node = came_from[node]
                return [start, *reversed(way[1:]), start]
            if after not in came_from:
                came_from[after] = node
                queue.append(after)
    return [*group, start]
