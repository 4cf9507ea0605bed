"""A pack whose texts and snippet draw with characters and colours, for who must not see any."""

from __future__ import annotations

from pathlib import Path

ARTICLE = r"""---
id: lines
title: Lines, and what is $x^2$
track: lines
---
# Lines

Words of a drawing, $\frac{a}{b}$:

$$\frac{a}{b + 1}$$

```text
┌──────┬─────┐
│ loss │ 0.1 │
└──────┴─────┘
```

| n | ms |
|---|----|
| 1 | $x_{i+1}$ |

## Things to do

```{snippet} lines/drawing
```

```{derivation} line-twice
title: Twice
symbols: {x: real}
given: x + x + 0
goal: 2*x
steps:
  - {to: "2*x", say: Add them}
```

```{exercise} lines/drawing:double
title: Twice a number
ask: Write `double(x)`, which gives $2x$.
hints: ["What is $x + x$?"]
```

```{card} line-card
kind: basic
ask: What is $\sqrt{4}$?
answer: "2 │ two"
```

---

The end.
"""
SNIPPET = '''"""Draws with characters, with colours and with matplotlib."""
import typer


def double(x):
    """Twice x."""
    # exercise: double x
    # solution
    return x + x
    # end


def check_double(seed=0):
    for n in (seed, 2):
        case = {"x": n}
        came = double(**case)
        should = 2 * n
        assert came == should, f"twice {n}"


def main():
    """Draw."""
    import matplotlib.pyplot as plt

    print("\\x1b[31mred words\\x1b[0m")
    print("│ loss │ 0.5 │")
    print("━━━━ ⣿⣿ ████")
    plt.title("Losses")
    plt.xlabel("step")
    plt.plot([0, 1, 2], [4.0, 2.0, 1.0], label="Adam")
    plt.legend()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
'''


def write_pack(folder: Path, new_from: str = "all") -> Path:
    """A home whose settings name the pack; its snippet stands beside it too, as a file alone."""
    pack = folder / "pack"
    (pack / "lines").mkdir(parents=True)
    (pack / "snippets" / "lines").mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'id = "lines"\ntitle = "Lines"\n[[tracks]]\nid = "lines"\ntitle = "Lines"\n'
    )
    (pack / "lines" / "lines.md").write_text(ARTICLE, encoding="utf-8")
    (pack / "snippets" / "lines" / "drawing.py").write_text(SNIPPET, encoding="utf-8")
    (folder / "drawing.py").write_text(SNIPPET, encoding="utf-8")
    (folder / "log.csv").write_text("card_id,rating,review_time\na,3,1772366400000\n")
    (folder / "config").mkdir()
    (folder / "config" / "settings.toml").write_text(
        f'packs = ["{pack}"]\n[review]\nnew_from = "{new_from}"\n'
    )
    return folder
