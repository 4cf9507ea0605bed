"""What the index keeps of an article comes back as it was."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studytui.library.entry import Entry, from_texts, to_text
from tests.examples import examples

words = st.text(st.characters(exclude_categories=["Cs"]))
names = st.lists(st.from_regex(r"[a-z0-9/-]+", fullmatch=True), max_size=3).map(" ".join)
entries = st.builds(
    Entry,
    id=words,
    title=words,
    track=words,
    needs=st.lists(words, max_size=3).map(tuple),
    reading=st.integers(0, 10**6),
    working=st.integers(0, 10**6),
    digest=words,
    pack=st.just("pack"),
    file=words,
    ids=st.tuples(names, names, names, names).map("\n".join),
)


@examples(50)
@given(st.lists(entries, max_size=4))
def test_entries_come_back_from_their_texts(found: list[Entry]) -> None:
    texts = [(entry.file, to_text(entry)) for entry in found]
    assert from_texts(texts, "/shelf/", "pack") == [
        replace(entry, file=f"/shelf/{entry.file}") for entry in found
    ]


def test_ids_are_told_apart() -> None:
    entry = Entry(
        "a", "A", "t", (), 1, 2, "d", "p", "a.md", "one two\nproof\nnet/run\nnet/run:step"
    )
    (back,) = from_texts([("a.md", to_text(entry))], "", "p")
    assert back.card_ids == ("one", "two")
    assert back.derivation_ids == ("proof",)
    assert back.snippet_names == ("net/run",)
    assert back.exercise_ids == ("net/run:step",)
    assert back.scheduled_ids == ("one", "two", "proof", "net/run:step")
