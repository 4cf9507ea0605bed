"""Files that an article names are there."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem, shown, suggest
from studytui.library.blocks import Picture
from studytui.library.lint.checked import Checked
from studytui.library.walker import walk


def files(checked: Checked) -> Iterator[Problem]:
    """Missing scripts and pictures, and pictures that lie outside the pack."""
    pack = checked.pack
    scripts = [
        script.relative_to(pack.snippets).with_suffix("").as_posix()
        for script in sorted(pack.snippets.glob("*/*.py"))
    ]
    root = pack.root.resolve()
    for parsed in checked.parsed:
        article = parsed.article
        named = [(block.name, block.line) for block in article.snippets]
        named += [(block.snippet, block.line) for block in article.exercises]
        for name, line in named:
            if not pack.snippet(name).is_file():
                what = f"there is no snippet {shown(name)} in {pack.snippets}"
                yield Problem(article.path, line, what, suggest(name, scripts))
        for block in walk(article.blocks):
            if isinstance(block, Picture):
                path = (article.path.parent / block.source).resolve()
                if not path.is_relative_to(root):
                    what = f"a picture lies outside the pack: {shown(block.source)}"
                    yield Problem(article.path, block.line, what, "Put it beside the article")
                elif not path.is_file():
                    what = f"there is no picture {shown(block.source)}"
                    yield Problem(article.path, block.line, what, "Put it beside the article")
