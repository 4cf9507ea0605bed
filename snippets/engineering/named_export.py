"""A small tf_export: names handed out by a partial of a class, kept in a registry, resolved.

Part 1 builds `tf_export` and `keras_export` as two partials of one class, exports six objects
under nine public names and resolves them. What comes back is the very object that went in.
Part 2 shows two refusals: a name that is taken, and an object of the class called with a name.
Part 3 nests partials and closures ever deeper; a partial of a partial is flattened, a closure
is not, so only the closures' time grows with the depth.

References
  TensorFlow, tensorflow/python/util/tf_export.py (the class api_export, 2018 and later).
  P. Harris: PEP 309, Partial Function Application, 2003.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer

Decorator = Callable[[Any], Any]


class DuplicateNameError(ValueError):
    """A public name was given away twice."""


class Registry:
    """A table of public names. Call it with names, and decorate a function or class with that.

    >>> export = Registry()
    >>> @export("app.run", "run")
    ... def run(): ...
    >>> export.resolve("run") is run
    True
    """

    # exercise: write __init__, __call__ and resolve
    # registry("a", "b") gives a decorator: it enters the object under both names and returns
    # the object itself. A name that is taken, or given twice in one call, raises
    # DuplicateNameError and nothing is entered; no name at all raises ValueError.
    # resolve(name) returns the object, or raises KeyError with the name.
    # solution
    def __init__(self) -> None:
        self.table: dict[str, Any] = {}

    def __call__(self, *names: str) -> Decorator:
        """A decorator that enters its object under `names`."""
        if not names:
            raise ValueError("an export needs at least one public name")

        def enter(target: Any) -> Any:
            for position, name in enumerate(names):
                if name in self.table or name in names[:position]:
                    raise DuplicateNameError(name)
            self.table.update(dict.fromkeys(names, target))
            return target

        return enter

    def resolve(self, name: str) -> Any:
        """The object that was exported under `name`."""
        return self.table[name]

    # end


def outcome(action: Callable[[], Any]) -> Any:
    """What an action returns, or the name of the error that it raises."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001  whatever the learner's code raises is shown
        return type(error).__name__


def check(seed: int = 0) -> None:
    """Judge Registry by its properties: one name, several, duplicates, two registries."""
    check_entries()
    check_refusals()
    check_owners()
    check_history(seed)


def first() -> int:
    """What the checks export."""
    return 1


def second() -> int:
    """What they export beside it."""
    return 2


def check_entries() -> None:
    """What is exported resolves to the object, under each of its names."""
    case = {"export": "nothing", "resolve": "a"}
    came, should = outcome(lambda: Registry().resolve("a")), "KeyError"
    assert came == should, "a name that was never exported must raise KeyError"

    one, other = Registry(), Registry()
    case = {"export": "a"}
    came, should = outcome(lambda: one("a")(first)), first
    assert came is should, "the decorator must hand back the very object it was given"
    case = {"one": "a", "other": "a"}
    came, should = outcome(lambda: other("a")(second)), second
    assert came is should, "two registries must not share their names"

    for names in (("a",), ("a", "b"), ("pkg.a", "a", "b")):
        registry = Registry()
        case = {"export": names}
        came = outcome(lambda registry=registry, names=names: registry(*names)(first))
        should = first
        assert came is should, "the decorator must hand back the very object it was given"
        came = [outcome(functools.partial(registry.resolve, name)) for name in names]
        should = [first] * len(names)
        assert came == should, "each name must resolve to the object"


def check_refusals() -> None:
    """What is taken is refused whole, and so is a call with one name twice or with none."""
    registry = Registry()
    registry("a")(first)
    case = {"taken": "a", "export": ("b", "a")}
    came, should = outcome(lambda: registry("b", "a")(second)), "DuplicateNameError"
    assert came == should, "a name that is taken must be refused"
    came, should = outcome(lambda: registry.resolve("a")), first
    assert came is should, "after the refusal the first owner keeps the name"
    came, should = outcome(lambda: registry.resolve("b")), "KeyError"
    assert came == should, "a refused export must enter none of its names"

    case = {"taken": "a", "export": "a, for the same object again"}
    came, should = outcome(lambda: registry("a")(first)), "DuplicateNameError"
    assert came == should, "a name that is taken is refused, whoever asks for it"

    registry = Registry()
    case = {"export": ("a", "a")}
    came, should = outcome(lambda: registry("a", "a")(first)), "DuplicateNameError"
    assert came == should, "one name twice in one call is a duplicate too"
    case = {"export": ()}
    came, should = outcome(lambda: registry()(first)), "ValueError"
    assert came == should, "an export without a name must be refused"


def check_owners() -> None:
    """A name belongs to the object that was entered, whatever it counts as or comes from."""
    registry = Registry()
    early, late = registry("a"), registry("a")  # made while the name is still free
    case = {"two decorators for": "a", "used": "one after the other"}
    came = [outcome(lambda: early(first)), outcome(lambda: late(second))]
    should = [first, "DuplicateNameError"]
    assert came == should, "a name is taken when an object is entered, not when it is asked for"

    registry, empty = Registry(), list[int]()
    registry("a")(empty)
    case = {"taken": "a, by an empty list", "export": "a"}
    came, should = outcome(lambda: registry("a")(first)), "DuplicateNameError"
    assert came == should, "a name is taken, also by an object that counts as false"

    class Parent:
        pass

    class Child(Parent):
        pass

    registry = Registry()
    registry("parent")(Parent)
    case = {"export": "child", "of": "a subclass of an exported class"}
    came, should = outcome(lambda: registry("child")(Child)), Child
    assert came is should, "a class is exported on its own, whatever its parent is"


def check_history(seed: int) -> None:
    """A random history beside a plain dictionary."""
    generator = torch.Generator().manual_seed(seed)
    registry, expected = Registry(), {}
    for number in range(40):
        count = int(torch.randint(1, 4, (), generator=generator))
        drawn = torch.randint(0, 30, (count,), generator=generator).tolist()
        names, target = tuple(f"n{index}" for index in drawn), object()
        fits = len(set(names)) == len(names) and not set(names) & set(expected)
        case = {"step": number, "export": names, "taken": sorted(set(names) & set(expected))}
        came = outcome(lambda names=names, target=target: registry(*names)(target))
        should = target if fits else "DuplicateNameError"
        assert came is should or came == should, "a random history went another way"
        if fits:
            expected.update(dict.fromkeys(names, target))
        case = {"step": number, "resolve": "every name so far"}
        came = {name: outcome(functools.partial(registry.resolve, name)) for name in expected}
        should = expected
        assert came == should, "a name no longer resolves to its object"


class api_export:  # noqa: N801  TensorFlow's own name
    """What `tf_export` is a partial of: an object that holds names and decorates with them."""

    registry = Registry()
    """One table for all APIs of this script. TensorFlow's decorator keeps no refusing table."""

    def __init__(self, *names: str, api_name: str) -> None:
        self.names = names
        self.api_name = api_name

    def __call__(self, target: Any) -> Any:
        """Enter the target under its public names and hand the same object back."""
        public = [f"{self.api_name}.{name}" for name in self.names]
        return self.registry(*public)(target)


tf_export = functools.partial(api_export, api_name="tensorflow")
keras_export = functools.partial(api_export, api_name="keras")


def add(a: float, b: float) -> float:
    """A bare function, decorated below by hand so that both forms can be held side by side."""
    return a + b


def export_all() -> dict[str, Any]:
    """Export six objects under nine names; return the registry's table."""

    @tf_export("app.run", "run")
    def run() -> None: ...

    @tf_export("nn.relu", "relu")
    def relu(x: float) -> float:
        return max(x, 0.0)

    @tf_export("io.read_file")
    def read_file(path: str) -> bytes:
        return path.encode()

    @keras_export("layers.Dense", "Dense")
    class Dense: ...

    @keras_export("ops.square")
    def square(x: float) -> float:
        return x * x

    decorated = tf_export("math.add")(add)  # the same as the @ form, spelled out
    print(f"the decorated function is the function itself: {decorated is add}")
    return api_export.registry.table


def canonical(target: Any) -> str:
    """The first public name that an object was given."""
    return next(name for name, owner in api_export.registry.table.items() if owner is target)


def show_refusals() -> None:
    """Two refusals: a name that is taken, and an object of the class called with a name."""
    try:
        tf_export("io.write_file", "run")(lambda: None)
    except DuplicateNameError as error:
        print(f"refused: the name {error} is taken")
    entered = "tensorflow.io.write_file" in api_export.registry.table
    print(f"and its other name was entered: {entered}")
    instance = api_export(api_name="tensorflow")  # not a partial: one object without names
    try:
        instance("app.run")
    except ValueError as error:
        print(f"api_export(api_name=…) is no tf_export: {error}")


def bottom(key: int = 0) -> int:
    """What stands at the bottom of both towers."""
    return key


def nested_partial(depth: int) -> Callable[[], int]:
    """`depth` partials around one function."""
    call: Callable[..., int] = bottom
    for level in range(depth):
        call = functools.partial(call, key=level)
    return call


def nested_closure(depth: int) -> Callable[[], int]:
    """`depth` closures around one function, each handing on what it fixes."""

    def closure(inner: Callable[..., int], level: int) -> Callable[..., int]:
        return lambda key=0: inner(level)

    call: Callable[..., int] = bottom
    for level in range(depth):
        call = closure(call, level)
    return call


def nanoseconds(ways: list[Callable[[], int]], calls: int) -> list[float]:
    """Time of one call of each way: the least of nine rounds, in which they take turns.

    So a busy spell of the machine slows all of them alike, and the least round leaves it out.
    """
    least = [float("inf")] * len(ways)
    for _ in range(9):
        for number, call in enumerate(ways):
            began = perf_counter()
            for _ in range(calls):
                call()
            least[number] = min(least[number], (perf_counter() - began) / calls * 1e9)
    return least


def frames(call: Callable[[], int]) -> int:
    """How many Python frames one call opens: counted, so no clock is in it."""
    import sys

    opened = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal opened
        opened += event == "call"

    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
    return opened


def draw(table: dict[str, Any], depths: list[int], partials: list[float], closures: list[float]):
    """Above: private names, joined to public ones. Below: time of a call against the depth."""
    figure, (names, times) = plt.subplots(2, 1, figsize=(8, 7))
    targets = list(dict.fromkeys(table.values()))
    for row, (public, target) in enumerate(table.items()):
        height = targets.index(target) * (len(table) - 1) / (len(targets) - 1)
        names.plot([0.3, 0.6], [height, row], color="tab:blue", linewidth=1)
        names.text(0.61, row, public, va="center", fontsize=8)
        names.text(0.29, height, target.__qualname__.rsplit(".")[-1], ha="right", va="center")
    names.set_xlim(0, 1)
    names.set_title("where the code lives, and the names it is known by")
    names.axis("off")
    times.plot(depths, closures, marker="o", label="nested closures")
    times.plot(depths, partials, marker="s", label="nested partials")
    times.set_xscale("log", base=2)
    times.set_yscale("log")
    times.set_xlabel("depth")
    times.set_ylabel("ns per call")
    times.legend()
    figure.tight_layout()
    plt.show()


def levels(deepest: int) -> Iterator[int]:
    """1, 2, 4, ... up to the deepest."""
    depth = 1
    while depth <= deepest:
        yield depth
        depth *= 2


def main(
    deepest: Annotated[
        int, typer.Option(min=16, max=64, help="Deepest nesting that is timed")
    ] = 64,
    calls: Annotated[
        int, typer.Option(min=200, max=100_000, help="Calls in each of nine rounds")
    ] = 1_000,
) -> None:
    """Export, resolve, refuse; then time nested partials against nested closures."""
    table = export_all()
    print(f"{len(set(map(id, table.values())))} objects under {len(table)} public names")
    for public, target in table.items():
        print(f"  {public:<24} canonical {canonical(target)}")
    resolve = api_export.registry.resolve
    same = resolve("tensorflow.run") is resolve("tensorflow.app.run")
    print(f"both names of run give one object: {same}\n")
    show_refusals()

    depths = list(levels(deepest))
    ways = [*map(nested_partial, depths), *map(nested_closure, depths)]
    times = nanoseconds(ways, calls)
    partials, closures = times[: len(depths)], times[len(depths) :]
    print("\ndepth   frames of one call    ns per call")
    print("        partial   closure     partial   closure")
    for depth, of_partial, of_closure in zip(depths, partials, closures, strict=True):
        opened = frames(nested_partial(depth)), frames(nested_closure(depth))
        print(f"{depth:5d}   {opened[0]:7d}   {opened[1]:7d}   {of_partial:9.0f} {of_closure:9.0f}")
        assert opened == (1, depth + 1), "partials are flattened, closures are not"
    eighth = depths.index(8)  # from here on the fixed cost of a call weighs little
    print(f"from depth 8 to depth {depths[-1]}, times as many")
    print(f"  frames        {1.0:7.1f}   {(depths[-1] + 1) / 9:7.1f}")
    grown = partials[-1] / partials[eighth], closures[-1] / closures[eighth]
    print(f"  nanoseconds   {grown[0]:7.1f}   {grown[1]:7.1f}   (the clock is your machine's)")
    draw(table, depths, partials, closures)


if __name__ == "__main__":
    typer.run(main)
