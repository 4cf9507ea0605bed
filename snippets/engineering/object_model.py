"""Names, objects and copies in Python, counted instead of believed.

The article's example is traced; calls that rebind are held against calls that mutate; what this
interpreter makes in advance is measured, not recited. Then a deep copy is written out and its
lists are counted, with and without a memo. At the end a network overfits while two "best
checkpoints" are kept: the state_dict itself, and a deep copy of it.

References
  The Python Language Reference, 3.1, Objects, values and types.
  E. Snow, E. Elizondo: PEP 683, Immortal Objects, Using a Fixed Refcount, 2022.
  A. Paszke et al.: PyTorch, 2019, arXiv:1912.01703.
"""

from __future__ import annotations

import copy
import platform
import random
import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer
from torch import nn

# Copies -------------------------------------------------------------------------------------------


def deep_copy(x: Any, memo: dict[int, list[Any]] | None = None) -> Any:
    """Copy nested lists; whatever is not a list is handed on as it is."""
    # exercise: copy every list that x leads to, each of them once
    # memo: what has been copied so far in this call, from the identity of a list to its copy.
    # A list may stand in two places, and it may hold itself.
    # solution
    if not isinstance(x, list):
        return x
    if memo is None:
        memo = {}  # a new one for every call from outside
    if id(x) not in memo:
        new: list[Any] = []
        memo[id(x)] = new  # before going down: x may be met again below itself
        new.extend(deep_copy(item, memo) for item in x)
    return memo[id(x)]
    # end


def copy_without_memo(x: Any) -> Any:
    """Copy a list as often as it is met."""
    return [copy_without_memo(item) for item in x] if isinstance(x, list) else x


def lists_of(x: Any) -> list[list[Any]]:
    """Every list that x leads to, once each, x first."""
    found: dict[int, list[Any]] = {}
    ahead = [x]
    while ahead:
        item = ahead.pop()
        if isinstance(item, list) and id(item) not in found:
            found[id(item)] = item
            ahead.extend(reversed(item))
    return list(found.values())


def shape(x: Any) -> str:
    """Nested lists as text, each list named where it is first met: `A[1, B[], B]` has B twice."""
    names: dict[int, str] = {}

    def walk(item: Any) -> str:
        if not isinstance(item, list):
            return repr(item)
        if id(item) in names:
            return names[id(item)]
        number = len(names)
        names[id(item)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number] if number < 26 else f"L{number}"
        return f"{names[id(item)]}[{', '.join(map(walk, item))}]"

    return walk(x)


def tangle(size: int, rng: random.Random) -> list[Any]:
    """Some lists that hold numbers and each other at random: shared, nested, in circles."""
    knots: list[list[Any]] = [[] for _ in range(size)]
    for knot in knots:
        for _ in range(rng.randint(0, 3)):
            knot.append(rng.choice([*knots, rng.randint(0, 9), ([], "a tuple")]))
    return knots[0]


def small_cases() -> Iterator[list[Any]]:
    """Nested lists in which one thing each can go wrong, smallest first."""
    yield []
    yield [7]
    yield [[]]
    yield [[1], [1]]  # equal, and yet two
    shared: list[Any] = [0]
    yield [shared, shared]  # one, in two places
    yield [[shared], shared]
    yield [([0],)]  # a tuple is not a list, whatever it holds
    itself: list[Any] = []
    itself.append(itself)
    yield itself
    one: list[Any] = [1]
    two: list[Any] = [2, one]
    one.append(two)
    yield one


def leaves_of(x: Any) -> list[int]:
    """The identities of all that is not a list, in the order of the walk."""
    return [id(item) for held in lists_of(x) for item in held if not isinstance(item, list)]


def copied(x: Any) -> Any:
    """deep_copy(x); a copy that never ends becomes words."""
    try:
        return deep_copy(x)
    except RecursionError:
        return "never ends (RecursionError)"


def check(seed: int = 0) -> None:
    """Judge deep_copy by what is shared and what is not, small cases first."""
    rng = random.Random(seed)
    for x in (*small_cases(), *(tangle(size, rng) for size in range(1, 40))):
        before, inside, leaves = shape(x), lists_of(x), leaves_of(x)
        case = {"x": before}
        new = copied(x)
        came: object = shape(new)
        should: object = before
        assert came == should, f"{case['x']} is copied in another shape (each letter is one list)"
        came = sum(any(held is old for old in inside) for held in lists_of(new))
        should = 0
        assert came == should, "lists that the copy shares with the original"
        came, should = shape(x), before
        assert came == should, "the original has been changed"
        came, should = leaves_of(new) == leaves, True
        assert came == should, "what is not a list must be handed on as the same object"

    x = [1]
    first = copied(x)
    x.append(2)
    case = {"x": "[1]", "then": "copied, x.append(2), copied again"}
    came, should = copied(x), [1, 2]
    assert came == should, f"the second call knows of the first: {case['then']}"
    came, should = first, [1]
    assert came == should, "a copy must not follow its original"


# Names and calls ----------------------------------------------------------------------------------


def trace() -> None:
    """The article's example, line by line: two lists, and who sees which."""

    def log(x: int, seen: list[int] = []) -> list[int]:  # noqa: B006 - the trap is the point
        seen.append(x)
        return seen

    def default() -> list[int]:
        return log.__defaults__[0]  # type: ignore[index]

    print("after               a             c             default of log  a is b")
    a = log(1)
    print(f"a = log(1)          {a!s:<14}{'':<14}{default()!s:<16}")
    b = a
    print(f"b = a               {a!s:<14}{'':<14}{default()!s:<16}{a is b}")
    b += [2]
    print(f"b += [2]            {a!s:<14}{'':<14}{default()!s:<16}{a is b}")
    c = a + [3]  # noqa: RUF005 - the article's operator
    print(f"c = a + [3]         {a!s:<14}{c!s:<14}{default()!s:<16}{a is b}")
    log(4)
    print(f"log(4)              {a!s:<14}{c!s:<14}{default()!s:<16}{a is b}")
    assert a is b is default() and a == [1, 2, 4] and c == [1, 2, 3]


def rebind(v: Any) -> None:
    """Bind the local name to a new object."""
    v = v + v[:1]


def augment(v: Any) -> None:
    """Change the object where it can be changed; else bind the local name to a new one."""
    v += v[:1]


def compare_calls() -> None:
    """What the caller sees of the same two functions, for a list and for a tuple."""
    print("\nwhat the caller has afterwards   v = v + v[:1]   v += v[:1]")
    for kind in (list, tuple):
        seen = []
        for function in (rebind, augment):
            mine = kind([1])
            function(mine)
            seen.append(str(mine))
        print(f"  of {kind([1])!s:<30}{seen[0]:<16}{seen[1]}")


# What the interpreter makes in advance ------------------------------------------------------------


def cached(make: Callable[[int], object], tried: range) -> list[int]:
    """Those numbers for which making an object twice gives the same object twice."""
    return [n for n in tried if make(n) is make(n)]


def show_identity(limit: int) -> None:
    """Small integers, one-character strings and immortal objects of this interpreter."""
    print(f"\n{platform.python_implementation()} {platform.python_version()}, by measurement")
    integers = cached(lambda n: int(str(n)), range(-limit, limit + 1))
    ends = f"{integers[0]} to {integers[-1]}" if integers else "none"
    more = " (and perhaps beyond)" if integers and integers[-1] == limit else ""
    print(f"  integers made in advance: {ends}{more}")
    tried = range(min(limit, 0xD7FF) + 1)
    strings = len(cached(chr, tried))
    print(f"  strings of one character: one object each for {strings} of the first {len(tried)}")

    mortal: list[int] = []
    for name, thing in {"a list": mortal, "None": None}.items():
        before = sys.getrefcount(thing)
        names = [thing] * 1000
        added = sys.getrefcount(thing) - before
        note = "" if added == len(names) else " (immortal)"
        print(f"  1000 more references to {name}: count goes up by {added}{note}")


# The cost of a copy -------------------------------------------------------------------------------


def nest(depth: int, width: int) -> list[Any]:
    """A list that holds one list `width` times, which holds one `width` times, and so on."""
    x: list[Any] = []
    for _ in range(depth):
        x = [x] * width
    return x


def count_lists(depth: int, width: int) -> tuple[list[int], list[int]]:
    """Lists that a copy makes of a nest of depth 0, 1, ..., with a memo and without."""
    print(f"\nlists in a copy of a nest whose lists hold the next one {width} times")
    print("  depth  with memo  n + 1   without   (k^(n+1) - 1)/(k - 1)")
    kept, lost = [], []
    for n in range(depth + 1):
        x = nest(n, width)
        kept.append(len(lists_of(deep_copy(x))))
        lost.append(len(lists_of(copy_without_memo(x))))
        expected = (width ** (n + 1) - 1) // (width - 1)
        print(f"  {n:>5}  {kept[-1]:>9}  {n + 1:>5}  {lost[-1]:>8}   {expected:>8}")
        assert kept[-1] == n + 1 and lost[-1] == expected
    return kept, lost


def compare_with_library(rng: random.Random, count: int = 200) -> None:
    """Copy random tangles by hand and by the standard library."""
    largest = 0
    for _ in range(count):
        x = tangle(rng.randint(1, 60), rng)
        largest = max(largest, len(lists_of(x)))
        assert shape(deep_copy(x)) == shape(copy.deepcopy(x))
    print(f"{count} random tangles of up to {largest} lists: copy.deepcopy gives the same shape")


# The same in PyTorch ------------------------------------------------------------------------------


def wave(count: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Evenly spaced points of a sine wave, with noise."""
    x = torch.linspace(-1, 1, count).unsqueeze(1)
    return x, torch.sin(4 * x) + noise * torch.randn(count, 1, generator=generator)


def keep_the_best(steps: int, seed: int) -> tuple[list[float], int, dict[str, float]]:
    """Overfit; give the validation losses, the best step, and what each kept state is worth."""
    generator = torch.Generator().manual_seed(seed)
    x, y = wave(16, 0.6, generator)
    x_val, y_val = wave(200, 0.0, generator)
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.004)

    def validate() -> float:
        with torch.no_grad():
            return nn.functional.mse_loss(model(x_val), y_val).item()

    losses: list[float] = [validate()]
    best, kept_alias, kept_copy = 0, model.state_dict(), copy.deepcopy(model.state_dict())
    for step in range(1, steps + 1):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        losses.append(validate())
        if losses[-1] < losses[best]:
            best = step
            kept_alias = model.state_dict()  # a dictionary of aliases: it goes on changing
            kept_copy = copy.deepcopy(model.state_dict())
    worth = {}
    for name, state in {"alias": kept_alias, "copy": kept_copy}.items():
        model.load_state_dict(state)
        worth[name] = validate()
    return losses, best, worth


def report_checkpoints(losses: list[float], best: int, worth: dict[str, float]) -> None:
    """The two kept states beside what they should be worth."""
    print(f"\na network that overfits: validation loss over {len(losses) - 1} steps")
    print(f"  lowest, at step {best}: {losses[best]:.4f}; at the end: {losses[-1]:.4f}")
    print(f"  kept best = deepcopy(state_dict()): {worth['copy']:.4f}, the lowest")
    print(f"  kept best = state_dict():           {worth['alias']:.4f}, the last")
    assert worth["copy"] == losses[best] and worth["alias"] == losses[-1]


def draw(
    kept: list[int], lost: list[int], losses: list[float], best: int, worth: dict[str, float]
) -> None:
    """Lists per copy over depth; validation loss over steps with both kept states."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    left.semilogy(lost, "o-", label="without a memo")
    left.semilogy(kept, "s-", label="with a memo")
    left.set(title="lists made by a deep copy", xlabel="depth of the nest")
    left.legend()
    right.plot(losses, color="grey", label="validation loss")
    right.plot(best, losses[best], "o", color="black", label="best step")
    right.axhline(worth["copy"], color="tab:green", ls="--", label="what the copy holds")
    right.axhline(worth["alias"], color="tab:red", ls=":", label="what state_dict() holds")
    right.set(title="two best checkpoints", xlabel="step")
    right.legend(fontsize=8)
    figure.suptitle("Identity decides what a copy costs and what a checkpoint keeps")
    figure.tight_layout()
    plt.show()


def main(
    depth: Annotated[int, typer.Option(help="Deepest nest that is copied.", min=1, max=12)] = 10,
    width: Annotated[int, typer.Option(help="Times a list holds the next.", min=2, max=3)] = 2,
    limit: Annotated[int, typer.Option(help="Largest integer tried.", min=0, max=50_000)] = 2000,
    steps: Annotated[int, typer.Option(help="Training steps.", min=1, max=5000)] = 400,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Trace names, measure identity, count what copies make, and keep the best weights."""
    check(seed)
    trace()
    compare_calls()
    show_identity(limit)
    kept, lost = count_lists(depth, width)
    compare_with_library(random.Random(seed))
    losses, best, worth = keep_the_best(steps, seed)
    report_checkpoints(losses, best, worth)
    draw(kept, lost, losses, best, worth)


if __name__ == "__main__":
    typer.run(main)
