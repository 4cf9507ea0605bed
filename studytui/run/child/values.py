"""Values in small numbers: rounded, cut in the middle, the places marked at which two differ.

The values come from the learner's code: whatever they are, what is made of them is bounded, and
nothing that they raise gets out.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from studytui.run.events import MOST_LETTERS, Value

MOST_NUMBERS = 4096
"""Of an array: more are cut away before anything is looked at."""
MOST_PARTS = 12
EDGE, WINDOW = 3, 8
"""Places that are kept at each end of a long row, and how many a row has that is not cut."""
FEWEST_DIGITS, MOST_DIGITS = 4, 17
LARGE_ERROR = 0.01
"""A place is marked whose error is at least this share of the largest one: not the last bits."""

Number = int | float | complex
Cell = tuple[str, bool]
Rows = tuple[tuple[Cell, ...], ...]
_REPR = reprlib.Repr()
_REPR.maxlist = _REPR.maxtuple = _REPR.maxset = _REPR.maxdict = 8
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 120


def small(value: Any) -> tuple[Value, ...]:
    """One value; the entries of a dictionary one by one."""
    return side_by_side(value, value)[0]


def side_by_side(came: Any, should: Any) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Both values in small numbers; where they are made alike their parts go by pairs."""
    pairs = list(_pairs("", came, should, 0))[:MOST_PARTS]
    return tuple(left for left, _ in pairs), tuple(right for _, right in pairs)


def _pairs(name: str, came: Any, should: Any, depth: int) -> Iterable[tuple[Value, Value]]:
    grids = _array(came), _array(should)
    if grids[0] is not None and grids[1] is not None:
        yield _arrays(name, grids[0], grids[1])
        return
    parts = _parts(came, should) if depth < 3 else None
    if parts is not None:
        for place, left, right in parts:
            yield from _pairs(f"{name}{place}".lstrip("."), left, right, depth + 1)
        return
    texts = _words(came), _words(should)
    yield _lines(name, texts[0], texts[1])


def _parts(came: Any, should: Any) -> list[tuple[str, Any, Any]] | None:
    """The parts of two dictionaries or sequences of one make, None of anything else."""
    if type(came) is not type(should):
        return None
    if type(came) is dict and list(came) == list(should) and all(type(k) is str for k in came):
        return [(f".{key}" if key.isidentifier() else f"[{key}]", came[key], should[key])
                for key in list(came)[:MOST_PARTS]]  # fmt: skip
    if type(came) in (list, tuple) and len(came) == len(should) <= MOST_PARTS:
        return [
            (f"[{k}]", left, right)
            for k, (left, right) in enumerate(zip(came, should, strict=True))
        ]
    return None


# Numbers ------------------------------------------------------------------------------------------


class _Array:
    """Numbers in rows, with what they were before they were cut."""

    def __init__(self, shape: tuple[int, ...], kind: str, rows: list[list[Number]]) -> None:
        self.shape = shape
        self.kind = kind
        self.rows = rows

    @property
    def note(self) -> str:
        """``float32, 2 x 3``; nothing for a number of Python."""
        size = " x ".join(map(str, self.shape))
        return ", ".join(filter(None, (self.kind, size)))


def _array(value: Any) -> _Array | None:
    """A number, an array or a list of numbers; None for anything else."""
    try:
        if type(value) in (int, float, complex, bool):
            return _Array((), "" if type(value) is not bool else "bool", [[value]])
        if type(value) in (list, tuple):
            return _nested(value)
        if type(value).__module__.partition(".")[0] in ("torch", "numpy"):
            return _tensor(value)
    except Exception:  # noqa: BLE001 - what the learner's code has made may do anything
        return None
    return None


def _nested(value: Sequence[Any]) -> _Array | None:
    if 0 < len(value) <= MOST_NUMBERS and all(type(item) in (int, float) for item in value):
        return _Array((len(value),), "", [list(value)])
    rows = [item for item in value if type(item) in (list, tuple)]
    if not rows or len(rows) != len(value) or len({len(row) for row in rows}) > 1:
        return None
    if all(type(item) in (int, float) for row in rows for item in row) and rows[0]:
        return _Array((len(rows), len(rows[0])), "", [list(row) for row in rows])
    return None


def _tensor(value: Any) -> _Array | None:
    """A tensor of torch or an array of numpy: its last dimension goes along a row."""
    shape = tuple(int(size) for size in value.shape)
    kind = str(value.dtype).rpartition(".")[2]
    if hasattr(value, "detach"):
        value = value.detach().to("cpu")
    while math.prod(map(int, value.shape)) > MOST_NUMBERS:
        longest = max(range(value.ndim), key=lambda d: value.shape[d])
        half = [slice(None)] * value.ndim
        half[longest] = slice(0, -(-value.shape[longest] // 2))
        value = value[tuple(half)]
    if not math.prod(map(int, value.shape)):
        return _Array(shape, f"{kind}, empty", [[]])
    last = int(value.shape[-1]) if value.ndim else 1
    rows = value.reshape(-1, last).tolist()
    if not all(type(item) in (int, float, complex, bool) for row in rows for item in row):
        return None
    return _Array(shape, kind, rows)


def _arrays(name: str, came: _Array, should: _Array) -> tuple[Value, Value]:
    if came.shape != should.shape or [*map(len, came.rows)] != [*map(len, should.rows)]:
        return _shown(name, came), _shown(name, should)
    marks = _marks(came.rows, should.rows)
    # No other shape stands for one of three dimensions: its slices go below each other.
    down = _kept(len(marks), [k for k, row in enumerate(marks) if any(row)])
    across = _kept(len(marks[0]), [k for k in range(len(marks[0])) if any(r[k] for r in marks)])
    digits = _digits(came.rows, should.rows, marks)
    return tuple(
        Value(name, one.note, _rows(one.rows, marks, down, across, digits))
        for one in (came, should)
    )  # type: ignore[return-value]


def _shown(name: str, one: _Array) -> Value:
    """An array by itself, beside one of another shape."""
    marks = [[False] * len(row) for row in one.rows]
    down, across = _kept(len(marks), []), _kept(len(marks[0]), [])
    return Value(name, one.note, _rows(one.rows, marks, down, across, FEWEST_DIGITS))


def _rows(
    rows: list[list[Number]],
    marks: list[list[bool]],
    down: list[int | None],
    across: list[int | None],
    digits: int,
) -> Rows:
    cut: Cell = ("…", False)
    return tuple(
        (cut,)
        if y is None
        else tuple(cut if x is None else (_number(rows[y][x], digits), marks[y][x]) for x in across)
        for y in down
    )


def _marks(came: list[list[Number]], should: list[list[Number]]) -> list[list[bool]]:
    errors = [
        [_error(a, b) for a, b in zip(left, right, strict=True)]
        for left, right in zip(came, should, strict=True)
    ]
    largest = max((error for row in errors for error in row if math.isfinite(error)), default=0.0)
    least = max(largest * LARGE_ERROR, 5e-324)
    return [[error >= least for error in row] for row in errors]


def _error(came: Number, should: Number) -> float:
    """How far two numbers are apart; infinitely where only one is finite or a number."""
    if came == should or (came != came and should != should):
        return 0.0
    try:
        apart = abs(came - should)
    except OverflowError:
        return math.inf
    return apart if math.isfinite(apart) else math.inf


def _digits(came: list[list[Number]], should: list[list[Number]], marks: list[list[bool]]) -> int:
    """As few digits as let every marked pair look different."""
    pairs = [
        (came[y][x], should[y][x])
        for y, row in enumerate(marks)
        for x, marked in enumerate(row)
        if marked
    ]
    for digits in range(FEWEST_DIGITS, MOST_DIGITS):
        if all(f"{a:.{digits}g}" != f"{b:.{digits}g}" for a, b in pairs):
            return digits
    return MOST_DIGITS


def _number(value: Number, digits: int) -> str:
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10**12):
        return str(value)
    if isinstance(value, int):
        return f"about {value:.3e}" if abs(value) < 10**300 else "a whole number of over 300 digits"
    if isinstance(value, float) and value == int_or_nan(value) and abs(value) < 10**digits:
        return f"{value:.1f}"
    return f"{value:.{digits}g}"


def int_or_nan(value: float) -> float:
    """The whole number below a finite value; NaN for what is none."""
    return math.floor(value) if math.isfinite(value) else math.nan


def _kept(size: int, wanted: Sequence[int]) -> list[int | None]:
    """The places of a row that are shown: both ends and the first ``wanted``; None is a cut."""
    if size <= WINDOW:
        return list(range(size))
    chosen = sorted({*range(EDGE), *wanted[:EDGE], *range(size - 2, size)})
    kept: list[int | None] = []
    for place in chosen:
        if kept and kept[-1] is not None and place > kept[-1] + 1:
            kept.append(None)
        kept.append(place)
    return kept


# Everything else ----------------------------------------------------------------------------------


def _words(value: Any) -> str:
    if type(value) is str:
        return value
    return _guarded(lambda: _REPR.repr(value), value)


def _guarded(make: Callable[[], str], value: Any) -> str:
    try:
        return str(make())
    except Exception as error:  # noqa: BLE001 - a repr of the learner's can raise anything
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"


def _lines(name: str, came: str, should: str) -> tuple[Value, Value]:
    left, right = came.split("\n"), should.split("\n")
    differ = [
        number >= min(len(left), len(right)) or left[number] != right[number]
        for number in range(max(len(left), len(right)))
    ]
    kept = _kept(len(differ), [number for number, other in enumerate(differ) if other])
    return tuple(
        Value(name, "", tuple(_text_row(lines, place, differ) for place in kept))
        for lines in (left, right)
    )  # type: ignore[return-value]


def _text_row(lines: list[str], place: int | None, differ: list[bool]) -> tuple[Cell, ...]:
    if place is None:
        return (("…", False),)
    text = lines[place] if place < len(lines) else ""
    half = MOST_LETTERS // 2
    if len(text) > MOST_LETTERS:
        text = f"{text[: half - 3]} … {text[-half + 3 :]}"
    return ((text, differ[place]),)
