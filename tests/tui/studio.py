"""A small pack and a desk in a temporary folder, for driving the interface."""

from __future__ import annotations

from pathlib import Path

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from tests.asked import EVERY_CARD
from tests.left_open import closed_behind
from tests.shared import on_shared_processes, refreshed

PACK = """id = "lab"
title = "A lab"

[[tracks]]
id = "things"
title = "Things"
"""

ARTICLE = r"""---
id: counting
title: Counting
track: things
---

Counting is a start.

```{snippet} things/count
with: {n: 3}
```

```{card} count-sum
kind: number
ask: What is {{a}} + {{b}}?
answer: 'a + b'
fresh:
  a: {integers: [2, 9]}
  b: {integers: [2, 9]}
why: It is {{a}} and {{b}} together.
hint: Use fingers.
```

```{card} count-pick
kind: choice
ask: Which is even?
right: Four
wrong: [Three, Five]
```

```{card} count-order
kind: order
ask: Put in order.
lines: [one, two, three]
```

```{card} count-form
kind: expression
ask: Write twice $x$ plus one.
answer: '2*x + 1'
symbols: {x: real}
```

```{card} count-print
kind: output
ask: What does it print?
code: |
  print(1 + 1)
```

```{card} count-why
kind: basic
ask: Why count?
answer: To know **how many**.
```

```{derivation} count-double
title: Twice
symbols: {x: real}
given: 'y = x + x + 2*x'
goal: 'y = 4*x'
steps:
  - to: '2*x + 2*x'
    say: Add the first two
    key: true
    hints: [Begin on the left., What is $x + x$?]
  - to: '4*x'
    say: Add again
```
"""

SNIPPET = '''"""Counts."""

import sys
import time
from typing import Annotated

import typer


def main(
    n: Annotated[int, typer.Option(min=1, max=1000, help="How far")] = 5, forever: bool = False
) -> None:
    """Count."""
    for number in range(n):
        print("number", number, flush=True)
    while forever:
        time.sleep(0.05)


if __name__ == "__main__":
    typer.run(main)
'''


def make_pack(root: Path) -> Path:
    """The pack in ``root``."""
    (root / "things").mkdir(parents=True)
    (root / "snippets" / "things").mkdir(parents=True)
    (root / "pack.toml").write_text(PACK, encoding="utf-8")
    (root / "things" / "counting.md").write_text(ARTICLE, encoding="utf-8")
    (root / "snippets" / "things" / "count.py").write_text(SNIPPET, encoding="utf-8")
    return root


def make_desk(folder: Path, *, indexed: bool = True) -> Desk:
    """A desk on the shipped content and the small pack, with a home of its own."""
    where = Directories(folder / "data", folder / "config", folder / "cache")
    pack = make_pack(folder / "lab")
    settings = Settings(packs=(str(pack),), review=EVERY_CARD)
    desk = on_shared_processes(closed_behind(Desk(where, settings)))
    return refreshed(desk) if indexed else desk
