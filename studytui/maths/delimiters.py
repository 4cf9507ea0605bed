"""Delimiters as tall as what they embrace."""

from __future__ import annotations

from studytui.maths.box import Box, solid, text_box

# top, extension, bottom; and the middle where there is one
_PIECES = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "{": "⎧⎪⎩⎨",
    "}": "⎫⎪⎭⎬",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "|": "│││",
    "‖": "║║║",
    "↑": "↑││",
    "↓": "││↓",
    "↕": "↑│↓",
    "⇑": "⇑║║",
    "⇓": "║║⇓",
    "⌜": "⌜  ",
    "⌝": "⌝  ",
    "⌞": "  ⌞",
    "⌟": "  ⌟",
    "⟦": "⟦⟦⟦",
    "⟧": "⟧⟧⟧",
}
_SMALL_BRACES = {"{": ("⎰", "⎱"), "}": ("⎱", "⎰")}
_PLAIN = {"∣": "|", "∥": "‖", "<": "⟨", ">": "⟩"}


def delimiter(symbol: str, above: int, below: int) -> Box:
    """A delimiter that reaches ``above`` and ``below`` rows from the baseline."""
    symbol = _PLAIN.get(symbol, symbol)
    height = above + below + 1
    if height == 1 or not symbol:
        return text_box(symbol)
    if symbol in "⟨⟩/\\∖":
        return _slanted(symbol, above, height)
    pieces = _PIECES.get(symbol)
    if pieces is None:
        return text_box(symbol)
    if height == 2 and symbol in _SMALL_BRACES:
        return solid(_SMALL_BRACES[symbol], above, 1)
    column = [pieces[0], *pieces[1] * (height - 2), pieces[2]]
    if len(pieces) == 4:
        # The point of a brace belongs on the baseline, unless that is where it curls.
        column[above if 0 < above < height - 1 else height // 2] = pieces[3]
    return solid(tuple(column), above, 1)


def _slanted(symbol: str, above: int, height: int) -> Box:
    """Angle brackets and slashes: a diagonal line, so wider the taller they are."""
    if symbol in "/\\∖":
        cells = range(height)
        columns = reversed(cells) if symbol == "/" else cells
        stroke = "╱" if symbol == "/" else "╲"
        lines = [" " * column + stroke + " " * (height - 1 - column) for column in columns]
        return solid(tuple(lines), above, height)
    width = (height + 1) // 2
    lines = []
    for row in range(height):
        depth = abs(2 * row - (height - 1)) // 2
        point = height % 2 == 1 and row == height // 2
        upper = row < height / 2
        if symbol == "⟨":
            stroke = "⟨" if point else "╱" if upper else "╲"
            lines.append(" " * depth + stroke + " " * (width - 1 - depth))
        else:
            stroke = "⟩" if point else "╲" if upper else "╱"
            lines.append(" " * (width - 1 - depth) + stroke + " " * depth)
    return solid(tuple(lines), above, width)
