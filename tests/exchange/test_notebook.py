from __future__ import annotations

import json
from pathlib import Path

from studytui.exchange.notebook import as_cell, to_notebook
from studytui.library.parse import parse_article

SOURCE = """---
id: adam
title: Adam
track: optimisation
translated_from: zh
story: more
---

The update is {restored}`$m_t$`.

:::{restored}
$$
m_t = 1
$$
:::

```{snippet} optimisation/adam
with: {steps: 5, name: fast}
```

```{card} adam-one
kind: basic
ask: Hidden
answer: Hidden
```

## More

Words.

```{check}
says("hidden", 1)
```

```{exercise} optimisation/adam:step
title: One step
ask: Write `step(w)`.
```

```{derivation} adam-sum
title: A sum
symbols: {x: real}
given: 'y = x + x'
goal: 'y = 2*x'
steps:
  - to: '2*x'
    say: Add
```

```{terms}
- {id: moment, zh: 矩, en: moment, say: A mean of a power.}
```
"""
SCRIPT = '''"""Adam."""
def main(steps: int = 1, name: str = "slow") -> None:
    print(name * steps)

if __name__ == "__main__":
    import typer
    typer.run(main)
'''


def test_an_article_becomes_cells_in_its_own_order() -> None:
    parsed = parse_article(SOURCE, path=Path("optimisation/adam.md"))
    assert parsed.article is not None, parsed.problems
    notebook = json.loads(to_notebook(parsed.article, SOURCE, lambda name: SCRIPT))
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    assert cells[0] == ("markdown", "# Adam")
    assert cells[1] == ("markdown", "The update is $m_t$.\n\n$$\nm_t = 1\n$$")
    assert cells[2][0] == "code"
    assert cells[2][1].endswith("main(steps=5, name='fast')")
    words = "## More\n\nWords.\n\n\n**Exercise: One step.**\n\nWrite `step(w)`."
    assert cells[3] == ("markdown", words)
    assert "1. `2*x` — Add" in cells[4][1]
    assert "| 矩 | moment | A mean of a power. |" in cells[5][1]
    assert not any("hidden" in text.lower() for _, text in cells)


def test_a_cell_runs_what_the_script_runs() -> None:
    assert as_cell(SCRIPT, (("steps", "2"),)).splitlines()[-1] == "main(steps=2)"
