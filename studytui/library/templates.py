"""What new packs, articles and snippets begin as: small, whole, and right."""

from __future__ import annotations

PACK = """\
id = "{id}"
title = "{title}"
"""

TRACK = """
[[tracks]]
id = "{id}"
title = "{title}"
"""

ARTICLE = """\
---
id: {id}
title: {title}
track: {track}
---

Say in a paragraph what the reader will own at the end, and why it is worth having.

## The idea

Inline maths stands in dollars, $1 + 2 + \\dots + n$; display maths on lines of its own:

$$
\\sum_{{i=1}}^{{n}} i = \\frac{{n (n + 1)}}{{2}}
$$

```{{snippet}} {snippet}
```

```{{derivation}} {id}-sum
title: The sum of the first $n$ numbers
symbols: {{n: positive integer, S: real}}
given: 'S = Sum(i, (i, 1, n))'
goal: 'S = n*(n + 1)/2'
steps:
  - to: '(Sum(i, (i, 1, n)) + Sum(n + 1 - i, (i, 1, n)))/2'
    key: true
    say: Add the numbers to the same numbers backwards, and halve
    hint: What do first and last make together, and every other such pair?
  - to: 'n*(n + 1)/2'
    say: There are $n$ pairs, and each makes $n + 1$
```

```{{card}} {id}-number
kind: number
ask: |
  What is $1 + 2 + \\dots + {{{{n}}}}$?
answer: 'n*(n + 1)/2'
fresh:
  n: {{integers: [5, 60]}}
why: There are $n/2$ pairs of $n + 1$.
```

## Terms

```{{terms}}
- {{id: series, zh: 级数, en: series, say: A sum of the terms of a sequence.}}
```

## References

- Who, *What*, when.
"""

SNIPPET = '''\
"""{title}: the sum of the first numbers, added up and by formula.

Give the reference here.
"""

from typing import Annotated

import typer


def main(
    n: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many numbers")] = 100,
) -> None:
    """Add up and compare."""
    added = sum(range(1, n + 1))
    print(f"added up: {{added}}, by formula: {{n * (n + 1) // 2}}")


if __name__ == "__main__":
    typer.run(main)
'''
