"""The graph of what needs what: circles, depth, and what to read next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar


class Needing(Protocol):
    """Anything with an id and the ids that it needs."""

    @property
    def id(self) -> str:
        """Its own id."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of what comes before it."""


Item = TypeVar("Item", bound=Needing)


def circles(needs: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Every circle once, as the ids along it, the first again at the end.

    A depth-first search with its own stack: depth is bounded by memory, not by recursion.
    """
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()
    for root in needs:
        if root in done:
            continue
        path: list[str] = [root]
        pending = [iter(needs[root])]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                done.add(path.pop())
            elif following in path:
                circle = (*path[path.index(following) :], following)
                found.setdefault(frozenset(circle), circle)
            elif following in needs and following not in done:
                path.append(following)
                pending.append(iter(needs[following]))
    return list(found.values())


def depths(needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """How many articles stand, at the longest, before each; members of a circle count as roots."""
    depth = dict.fromkeys(needs, 0)
    waiting = {id: {need for need in wanted if need in needs} for id, wanted in needs.items()}
    followers: dict[str, list[str]] = {id: [] for id in needs}
    for id, wanted in waiting.items():
        for need in wanted:
            followers[need].append(id)
    ready = [id for id, wanted in waiting.items() if not wanted]
    while ready:
        current = ready.pop()
        for follower in followers[current]:
            depth[follower] = max(depth[follower], depth[current] + 1)
            waiting[follower].discard(current)
            if not waiting[follower]:
                ready.append(follower)
    return depth


def next_to_read(items: Iterable[Item], read: Collection[str]) -> tuple[Item, ...]:
    """What can be read now, in order: first what builds on what was read, then beginnings.

    A need that is not in the library holds nobody up.
    """
    items = tuple(items)
    known = {item.id for item in items}
    unread = [item for item in items if item.id not in read]
    ready = [
        item for item in unread if all(need in read or need not in known for need in item.needs)
    ]
    return tuple(sorted(ready, key=lambda item: not any(need in read for need in item.needs)))
