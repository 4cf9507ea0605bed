from __future__ import annotations

import sys
from pathlib import Path

import pytest

from studytui.library.catalogue import Library
from studytui.library.lint import lint, read_all
from studytui.library.pack import load_pack
from tests.left_open import closed_behind
from tests.library.writing import article, notes, write_pack

BASIC = "```{card} %s\nkind: basic\nask: A?\nanswer: B\n```\n"


def told(root: Path) -> list[tuple[str, int, str]]:
    """File name, line and message of every problem."""
    return [(item.path.name, item.line, item.what) for item in lint(read_all(root))]


def test_a_sound_pack_has_no_problems(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words $x$.\n\n## There\n", two="[one](one.md#there)\n")
    assert told(root) == []


def test_problems_of_parsing_are_among_them(tmp_path: Path) -> None:
    assert told(notes(tmp_path / "mine", one=":::{nota}\nx\n:::\n")) == [
        ("one.md", 6, "unknown directive {nota}")
    ]


def test_ids_are_unique_in_the_pack(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one=BASIC % "c-one", two="\n" + BASIC % "c-one")
    assert told(root) == [("two.md", 7, "the id 'c-one' stands in the article 'one' too")]


def test_a_card_and_a_derivation_have_different_ids(tmp_path: Path) -> None:
    derivation = "```{derivation} same\ntitle: T\ngiven: a\ngoal: a\nsteps: [{to: a}]\n```\n"
    cloze = "```{card} same\nkind: cloze\ntext: '{{c1::x}}'\n```\n"
    root = notes(tmp_path / "mine", one=derivation, two=cloze)
    assert told(root) == [("two.md", 6, "the id 'same' stands in the article 'one' too")]


def test_an_article_lies_in_its_track(tmp_path: Path) -> None:
    toml = '[[tracks]]\nid = "notes"\ntitle = "Notes"\n'
    articles = {
        "notes/one": article("one", track="other"),
        "more/two": article("two", track="more"),
    }
    assert told(write_pack(tmp_path / "mine", articles, toml)) == [
        ("two.md", 4, "pack.toml has no track 'more'"),
        ("one.md", 4, "the track 'other' is not the folder 'notes'"),
    ]


def test_the_same_article_in_two_tracks(tmp_path: Path) -> None:
    articles = {"a/one": article("one", track="a"), "b/one": article("one", track="b")}
    problems = told(write_pack(tmp_path / "mine", articles))
    assert len(problems) == 1
    assert "the article's id 'one' stands in" in problems[0][2]


def test_needs_exist_and_make_no_circle(tmp_path: Path) -> None:
    articles = {
        "notes/a": article("a", more="needs: [b]\n"),
        "notes/b": article("b", more="needs: [a, moments]\n"),
        "notes/moment": article("moment"),
    }
    assert told(write_pack(tmp_path / "mine", articles)) == [
        ("a.md", 5, "needs goes round in a circle: a → b → a"),
        ("b.md", 5, "needs an article that is not there: 'moments'"),
    ]


def test_links_lead_somewhere(tmp_path: Path) -> None:
    body = "[a](#nowhere) [b](two.md#nowhere)\n[c](three.md) [d](../notes/two.md#there)\n"
    card = "```{card} c-one\nkind: basic\nask: '[e](four.md)'\nanswer: B\n```\n"
    root = notes(tmp_path / "mine", one=body + card, two="## There\n")
    assert told(root) == [
        ("one.md", 6, "a link leads to no heading: '#nowhere'"),
        ("one.md", 6, "a link leads to no heading: 'two.md#nowhere'"),
        ("one.md", 7, "a link leads to no article: 'three.md'"),
        ("one.md", 8, "a link leads to no article: 'four.md'"),
    ]


def test_files_are_there(tmp_path: Path) -> None:
    body = "```{snippet} notes/gone\n```\n\n![p](gone.png)\n\n![q](../../out.png)\n\n![r](in.png)\n"
    root = notes(tmp_path / "mine", one=body)
    (tmp_path / "out.png").write_bytes(b"")
    (root / "notes" / "in.png").write_bytes(b"")
    assert [what.split(" in /")[0] for _, _, what in told(root)] == [
        "there is no snippet 'notes/gone'",
        "there is no picture 'gone.png'",
        "a picture lies outside the pack: '../../out.png'",
    ]


def test_formulas_can_be_set_wherever_they_stand(tmp_path: Path) -> None:
    card = "```{card} c-one\nkind: basic\nask: What is $\\frac{1}$?\nanswer: $x$\n```\n"
    root = notes(tmp_path / "mine", one="Good $x^2$, bad $\\nonsense{x}$.\n\n" + card)
    problems = told(root)
    assert [line for _, line, _ in problems] == [6, 8]
    assert all("cannot be set" in what for _, _, what in problems)


@pytest.mark.parametrize(
    ("written", "told_of"),
    [
        ("It is ==marked== here.", "'==marked=='"),
        ("It is H~2~O.", "'~2~'"),
        ("It is x^2^ here.", "'^2^'"),
        ("See [[another page]].", "'[[another page]]'"),
        ("Well :smile: done.", "':smile:'"),
        ("*[HTML]: Hypertext", "'*[HTML]: Hypertext'"),
        ('!!! note "Mind"', "'!!! note \"Mind\"'"),
        ("> [!NOTE]\n> Mind this.", "'[!NOTE] Mind this.'"),
        ("## A heading {#named}", "'{#named}'"),
        ("Words {width=50%} here.", "'{width=50%}'"),
        ("{% raw %}", "'{% raw %}'"),
        ("| a | b |\n|---|\n| 1 | 2 |", "'| a | b | |---| | 1 | 2 |'"),
        ("See [the words][nowhere].", "'[the words][nowhere]'"),
    ],
)
def test_what_is_shown_as_it_was_typed_is_told(tmp_path: Path, written: str, told_of: str) -> None:
    root = notes(tmp_path / "mine", one=f"Before.\n\n{written}\n")
    (problem,) = told(root)
    assert problem[2] == f"shown as it is typed: {told_of}"
    card = f"```{{card}} c-one\nkind: basic\nask: |\n  {written}\nanswer: a\n```\n"
    if "\n" not in written and "#" not in written:
        assert told_of in told(notes(tmp_path / "other", one=card))[0][2]


def test_markdown_that_is_understood_and_what_stands_in_listings_is_not_told(
    tmp_path: Path,
) -> None:
    body = (
        "A price of ~5 to ~6, 2^10^3 in `x^2^`, a[i][j] and f[[1, 2]], at 10:30:45.\n\n"
        "```text\n==marked== [[page]] {% raw %}\n```\n\n"
        "- [ ] open\n\nTerm\n: meaning\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "In a line \\(x^2\\), \\[in brackets\\] and $z^2$; not \\(only one of them.\n"
    )
    found = [what for _, _, what in told(notes(tmp_path / "mine", one=body))]
    assert [what for what in found if "typed" in what] == []


def test_texts_inside_cards_are_checked(tmp_path: Path) -> None:
    card = "```{card} c-one\nkind: basic\nask: It costs $5\nanswer: '<b>x</b>'\n```\n"
    assert {what.split(":")[0] for _, _, what in told(notes(tmp_path / "mine", one=card))} == {
        "a dollar sign that opens no formula",
        "HTML is shown as text",
    }


def test_placeholders_and_gaps_are_filled_before_maths_is_looked_at(tmp_path: Path) -> None:
    body = (
        "```{card} c-one\nkind: number\nask: 'What is $x_{{n}} + 2^{ {{n}} }$?'\nanswer: n\n"
        "fresh: {n: {integers: [1, 5]}}\n```\n"
        "```{card} c-two\nkind: cloze\ntext: 'It is $x^{{c1::2}}$ or {{c2::$y$}}.'\n```\n"
    )
    assert told(notes(tmp_path / "mine", one=body)) == []


def test_a_pack_demands_what_it_says(tmp_path: Path) -> None:
    toml = "[requires]\ncards = 2\nkinds = 2\nfresh = 1\nterms = [1, 2]\nreferences = true\n"
    root = write_pack(tmp_path / "mine", {"notes/one": article("one", BASIC % "c-one")}, toml)
    assert [what for _, _, what in told(root)] == [
        "1 cards, where this pack demands 2",
        "1 kinds of cards, where this pack demands 2",
        "0 cards with fresh numbers, where this pack demands 1",
        "0 terms, where this pack demands 1 to 2",
        "no references",
    ]


def test_a_broken_pack_still_has_its_articles_read(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one=":::{nota}\nx\n:::\n")
    (root / "pack.toml").write_text("id =")
    assert [name for name, _, _ in told(root)] == ["one.md", "pack.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="Words.")
    (root / "notes" / "two.md").symlink_to(root / "notes" / "two.md")
    (root / "notes" / "three.md").mkdir()
    (root / "notes" / "four.md").symlink_to(tmp_path / "gone.md")
    assert [(name, what.split(":")[0]) for name, _, what in told(root)] == [
        ("four.md", "cannot be read"),
        ("two.md", "cannot be read"),
    ]
    library = closed_behind(Library.open([load_pack(root)]))
    library.refresh()
    assert [entry.id for entry in library.entries] == ["one"]


def test_a_later_pack_may_need_and_link_to_an_earlier_one(tmp_path: Path) -> None:
    first = read_all(notes(tmp_path / "first", one="## There\n"))
    text = article("two", "[x](../../first/notes/one.md#there)\n", more="needs: [one]\n")
    root = write_pack(tmp_path / "second", {"notes/two": text})
    assert lint(read_all(root, first.parsed)) == ()
    assert len(lint(read_all(root))) == 2


def test_a_pack_demands_key_lines_exercises_and_probes(tmp_path: Path) -> None:
    derivation = "```{derivation} %s\ntitle: T\ngiven: a\ngoal: a\nsteps: [{to: a%s}]\n```\n\n"
    body = derivation % ("d-one", "") + derivation % ("d-two", ", key: true")
    toml = "[requires]\nkey_lines = true\nexercises = 1\nprobes = 2\n"
    root = write_pack(tmp_path / "mine", {"notes/one": article("one", body)}, toml)
    assert told(root) == [
        ("one.md", 1, "0 exercises, where this pack demands 1"),
        ("one.md", 1, "0 cards marked probe: true, where this pack demands 2"),
        ("one.md", 6, "the derivation 'd-one' has no key line"),
    ]


def test_other_packs_are_linked_to_by_id(tmp_path: Path) -> None:
    first = read_all(notes(tmp_path / "first", one="## There\n"))
    text = article(
        "two", "[x](one.md#there) [y](one.md#nowhere) [z](three.md)\n", more="needs: [one]\n"
    )
    root = write_pack(tmp_path / "second", {"notes/two": text})
    assert [problem.what for problem in lint(read_all(root, first.parsed))] == [
        "a link leads to no heading: 'one.md#nowhere'",
        "a link leads to no article: 'three.md'",
    ]
