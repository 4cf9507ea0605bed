from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.library.catalogue import Library
from studytui.library.pack import load_pack
from tests.examples import examples
from tests.left_open import closed_behind
from tests.library.writing import article, notes, write_pack

ADAM = """
Adam keeps running averages of gradients.

## Bias correction

The averages start at zero, so they are divided. 动量的偏差修正很重要。

```{card} adam-card
kind: basic
ask: Why does Adam normalise?
answer: Because of scale.
```

```{card} adam-steps
kind: number
ask: How long are {{n}} giraffe steps?
answer: 'n'
fresh: {n: {choose: ["17", "17.0"]}}
```

```{terms}
- {id: moment, zh: 矩估计, en: moment estimate, say: A mean of powers.}
```
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("library") / "mine"
    notes(root, adam=ADAM, vae="Variational autoencoders, with a gradient estimator.")
    opened = Library.open([load_pack(root)])
    opened.refresh()
    yield opened
    opened.close()


def found(library: Library, words: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.id) for hit in library.search(words)]


def test_words_are_found_in_any_form(library: Library) -> None:
    assert found(library, "average")[0] == ("text", "adam")
    assert {id for _, id in found(library, "gradient")} == {"adam", "vae"}


def test_a_card_is_found_with_numbers_in_it(library: Library) -> None:
    (hit,) = library.search("giraffe")
    assert hit.id == "adam-steps"
    assert "How long are 17" in hit.snippet


def test_a_section_is_found_with_its_anchor_and_line(library: Library) -> None:
    hit = library.search("divided")[0]
    assert (hit.anchor, hit.line) == ("bias-correction", 9)
    assert hit.heading == (("Bias correction", False),)
    assert ("divided", True) in hit.excerpt


def test_the_last_word_may_be_begun(library: Library) -> None:
    assert {id for _, id in found(library, "vari")} == {"vae"}
    assert found(library, "vari estimator") == []


@pytest.mark.parametrize("words", ["偏差修正", "修正", "偏", "动量的偏", "矩估", "计"])
def test_chinese_is_found_by_any_part(library: Library, words: str) -> None:
    hits = library.search(words)
    assert hits
    marked = "".join(t for t, m in hits[0].heading + hits[0].excerpt if m)
    assert words in marked.replace(" ", "")


def test_chinese_excerpts_have_no_blanks(library: Library) -> None:
    assert "动量的偏差修正很重要" in library.search("偏差")[0].snippet


def test_cards_and_terms_are_found(library: Library) -> None:
    assert ("card", "adam-card") in found(library, "normalise")
    assert ("term", "moment") in found(library, "moment estimate")


def test_phrases(library: Library) -> None:
    assert found(library, '"running averages"')
    assert found(library, '"averages running"') == []


def test_formulas_are_found_by_their_names_and_shown_set(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="The rate $\\beta_1$ decays; $x^2$ does not.")
    library = closed_behind(Library.open([load_pack(root)]))
    library.refresh()
    (hit,) = library.search("beta")
    assert hit.excerpt == (("The rate ", False), ("β₁", True), (" decays; x² does not.", False))


def test_escapes_of_a_card_are_not_seen(tmp_path: Path) -> None:
    card = "```{card} dear\nkind: basic\nask: A pound\\*\nanswer: \\$5, not \\$6, $x^2$\n```"
    library = closed_behind(Library.open([load_pack(notes(tmp_path / "mine", one=card))]))
    library.refresh()
    (hit,) = library.search("pound")
    assert hit.snippet == "A pound* $5, not $6, x²"


def test_every_word_must_be_there(library: Library) -> None:
    assert found(library, "autoencoders averages") == []


def test_a_title_is_found(library: Library) -> None:
    assert found(library, "vae") == [("text", "vae")]


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        '"',
        '""',
        "NEAR(",
        "a AND",
        "* *",
        "title:x",
        "^",
        "-x",
        "{",
        "a" * 10_000,
        "\0",
        "'",
    ],
)
def test_what_is_typed_is_never_an_error(library: Library, words: str) -> None:
    library.search(words)


@examples(200)
@given(st.text(max_size=40) | st.text(alphabet='"*^:()+-{} aNEARORAND偏', max_size=40))
def test_any_text_can_be_searched_for(library: Library, words: str) -> None:
    library.search(words, track="notes", limit=3)


def test_only_one_track_and_only_the_open_packs(tmp_path: Path) -> None:
    two = {
        "a/one": article("one", "Entropy.", track="a"),
        "b/two": article("two", "Entropy.", track="b"),
    }
    first = load_pack(write_pack(tmp_path / "first", two))
    second = load_pack(notes(tmp_path / "second", three="Entropy."))
    index = tmp_path / "index.db"
    both = closed_behind(Library.open([first, second], index))
    both.refresh()
    assert {hit.article for hit in both.search("entropy")} == {"one", "two", "three"}
    assert {hit.article for hit in both.search("entropy", track="b")} == {"two"}
    both.close()
    assert {
        hit.article for hit in closed_behind(Library.open([first], index)).search("entropy")
    } == {"one", "two"}


def test_what_is_gone_is_no_longer_found(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Entropy.", two="Entropy.")
    library = closed_behind(Library.open([load_pack(root)]))
    library.refresh()
    (root / "notes" / "one.md").unlink()
    library.refresh()
    assert [hit.article for hit in library.search("entropy")] == ["two"]
