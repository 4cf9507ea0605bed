"""The reader's own cards, notes and versions, in real files beside a real journal."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui import paths
from studytui.cards.basic import BasicCard
from studytui.cards.citation import Citation
from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.library.parse import parse_article
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.events import ArticleRead
from studytui.study import questions
from studytui.study.desk import Desk
from studytui.study.exchanging import export
from studytui.study.own import Draft, Form, Written, add, items, notes, remove, rewrite
from studytui.study.own_versions import Version, editable, go_back, settle, version_of
from studytui.study.planning.today import plan_today
from studytui.study.review import ReviewSession
from tests.asked import EVERY_CARD
from tests.tui.studio import make_pack

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE = Citation("counting", "counting", "Counting is a start.")
NASTY = (
    "  two blanks, a tab\t| `code` ``` {{x}}\n\n"
    "# no heading: $a_b$ \\ \"quoted\" 'single'\n- ::: 数\n"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The small pack stands for the one that came with studytui, and cannot be written to."""
    pack = make_pack(tmp_path / "site" / "content")
    monkeypatch.setattr(paths, "shipped_content", lambda: pack)
    monkeypatch.setattr(paths, "shipped_snippets", lambda: pack / "snippets")
    with opened(tmp_path) as desk:
        before = tree(pack)
        yield desk
        assert tree(pack) == before


def opened(folder: Path) -> Desk:
    where = Directories(folder / "data", folder / "config", folder / "cache")
    desk = Desk(where, Settings(review=EVERY_CARD))
    desk.library.refresh()
    return desk


def tree(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        digest.update(str(path.relative_to(root)).encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def change(written: Written, old: str, new: str) -> None:
    """What an editor does."""
    text = written.path.read_text("utf-8")
    assert old in text
    written.path.write_text(text.replace(old, new), "utf-8")


def reworded(desk: Desk, card: str = "count-why", old: str = "Why count?") -> Written:
    written = editable(desk, card)
    change(written, old, "Why do I count?")
    assert settle(desk, written)
    return written


def scheduled(desk: Desk) -> list[str]:
    return [record.card for record in desk.records()]


def test_a_card_is_kept_as_it_was_typed_and_is_asked(desk: Desk) -> None:
    written = add(desk, Draft(Form.CARD, NASTY, "To know.", ("count", "a tag"), PLACE))
    found = desk.library.card(written.id)
    assert isinstance(found, BasicCard)
    assert found.ask == NASTY.expandtabs(4).strip()
    assert (found.answer, found.tags, found.cites) == ("To know.", ("count", "a tag"), PLACE)
    assert parse_article(written.path.read_text("utf-8"), written.path).problems == ()
    (record,) = [record for record in desk.records() if record.card == written.id]
    assert (record.track, record.ready) == ("things", True)
    assert questions.question_of(desk, written.id).answer == "To know."


def test_cards_and_notes_on_one_article_stand_in_one_file(desk: Desk) -> None:
    first = add(desk, Draft(Form.CARD, "One?", "1", (), PLACE))
    second = add(desk, Draft(Form.CLOZE, "It is {{c1::one}} and {{c2::two}}.", "", (), PLACE))
    third = add(desk, Draft(Form.NOTE, "Mind this.\n\n::: not the end", cites=PLACE))
    assert first.path == second.path == third.path
    assert desk.library.entry("own-counting").track == "own"
    assert [f"{second.id}/c1", f"{second.id}/c2"] == [
        card for card in scheduled(desk) if card.startswith(second.id)
    ]
    (note,) = notes(desk)
    assert (note.id, note.article, note.quote) == (third.id, "counting", PLACE.quote)
    assert note.text == "Mind this.\n\n::: not the end"
    assert {item.id for item in items(desk, "counting")} == {first.id, second.id, third.id}
    assert [hit.article for hit in desk.library.search("mind this")] == ["own-counting"]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (Draft(Form.CARD, " ", "x"), "question is empty"),
        (Draft(Form.CARD, "x", "\n"), "answer is empty"),
        (Draft(Form.CLOZE, "no gap"), "no gap"),
        (Draft(Form.CLOZE, "{{c2::x}}"), "numbered"),
        (Draft(Form.NOTE, "x"), "beside a place"),
    ],
)
def test_what_is_not_whole_is_refused_and_nothing_is_written(
    desk: Desk, draft: Draft, said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        add(desk, draft)
    assert not desk.directories.own.exists()


def test_a_card_is_changed_in_its_place_and_taken_away(desk: Desk) -> None:
    first = add(desk, Draft(Form.CARD, "One?", "1", (), PLACE))
    second = add(desk, Draft(Form.CARD, "Two?", "2", (), PLACE))
    rewrite(desk, first, Draft(Form.CARD, "What is one?", "1", (), PLACE))
    found = desk.library.card(first.id)
    assert found is not None
    assert found.headline == "What is one?"
    with pytest.raises(StudyError, match="changed meanwhile"):
        rewrite(desk, first, Draft(Form.CARD, "Again?", "1", (), PLACE))
    aside = remove(desk, editable(desk, first.id))
    assert "What is one?" in aside.read_text("utf-8")
    assert desk.library.card(first.id) is None
    assert desk.library.card(second.id) is not None


def test_an_edited_shipped_card_is_a_copy_that_keeps_its_history(desk: Desk) -> None:
    desk.ledger.grade("count-why", Rating.EASY, NOW, retention=0.9, factor=None)
    before, cards = desk.ledger.state("count-why"), scheduled(desk)
    written = reworded(desk)
    assert written.path.is_relative_to(desk.directories.own)
    assert questions.question_of(desk, "count-why").prompt == "Why do I count?"
    assert desk.ledger.state("count-why") == before
    assert scheduled(desk) == cards
    assert version_of(desk, "count-why") is Version.STANDS_IN
    assert version_of(desk, "count-sum") is Version.NONE
    assert desk.library.article_of("count-why") == "counting"
    assert questions.shown_at(desk, "count-why").article == "counting"
    # A second edit goes on with the copy.
    again = editable(desk, "count-why")
    assert (again.path, again.fresh) == (written.path, False)


def test_going_back_puts_the_own_version_aside_and_the_history_stays(desk: Desk) -> None:
    reworded(desk)
    desk.ledger.grade("count-why", Rating.GOOD, NOW, retention=0.9, factor=None)
    aside = go_back(desk, "count-why")
    assert "Why do I count?" in aside.read_text("utf-8")
    assert questions.question_of(desk, "count-why").prompt == "Why count?"
    assert desk.ledger.state("count-why").reps == 1
    assert version_of(desk, "count-why") is Version.NONE
    with pytest.raises(StudyError, match="no version of your own"):
        go_back(desk, "count-why")


def test_an_edit_that_changes_nothing_leaves_no_version(desk: Desk) -> None:
    assert not settle(desk, editable(desk, "count-why"))
    assert version_of(desk, "count-why") is Version.NONE


def test_a_later_change_of_the_shipped_card_is_told(desk: Desk, tmp_path: Path) -> None:
    reworded(desk)
    article = desk.library.entry("counting").path
    kept = article.read_bytes()
    article.write_bytes(kept.replace(b"Why count?", b"Why does one count?"))
    desk.library.refresh()
    assert version_of(desk, "count-why") is Version.OUTDATED
    assert questions.question_of(desk, "count-why").prompt == "Why do I count?"
    article.write_bytes(kept.replace(b"{card} count-why", b"{card} count-whence"))
    desk.library.refresh()
    assert version_of(desk, "count-why") is Version.ORPHAN
    assert "count-why" in scheduled(desk)
    article.write_bytes(kept)


def test_a_version_may_have_other_gaps_than_the_original(desk: Desk) -> None:
    written = editable(desk, "count-why")
    change(written, "kind: basic", "kind: cloze")
    change(written, "ask: Why count?\nanswer: To know **how many**.", "text: '{{c1::a}} {{c2::b}}'")
    assert settle(desk, written)
    cards = scheduled(desk)
    assert "count-why" not in cards
    assert {"count-why/c1", "count-why/c2"} <= set(cards)
    assert desk.library.article_of("count-why/c2") == "counting"


def test_the_plan_asks_a_version_where_the_original_stands_and_no_own_file_is_read(
    desk: Desk,
) -> None:
    written = editable(desk, "count-why")
    change(written, "kind: basic", "kind: cloze")
    change(written, "ask: Why count?\nanswer: To know **how many**.", "text: '{{c1::a}} {{c2::b}}'")
    assert settle(desk, written)
    card = add(desk, Draft(Form.CARD, "What is next?", "Two.", (), PLACE))
    today = plan_today(desk, NOW)
    assert today is not None
    assert "own-counting" not in today.syllabus.by_id
    asked = [task.ids for task in today.syllabus.by_id["counting"].of(Activity.ANSWER)]
    assert ("count-why/c1", "count-why/c2") in asked
    assert ("count-why",) not in asked
    assert today.syllabus.places["count-why/c2"].article == "counting"
    assert today.syllabus.places[card.id].article == "own-counting"


def test_gaps_of_a_version_are_met_where_the_text_of_the_original_was_read(desk: Desk) -> None:
    desk.take_settings(Settings())
    written = editable(desk, "count-why")
    change(written, "kind: basic", "kind: cloze")
    change(written, "ask: Why count?\nanswer: To know **how many**.", "text: '{{c1::a}} {{c2::b}}'")
    assert settle(desk, written)
    ready = {record.card: record.ready for record in desk.records()}
    assert not ready["count-why/c2"]
    desk.ledger.record(ArticleRead("counting"), NOW)
    ready = {record.card: record.ready for record in desk.records()}
    assert ready["count-why/c2"]


def test_derivations_have_versions_too(desk: Desk) -> None:
    written = editable(desk, "count-double")
    change(written, "title: Twice", "title: My twice")
    assert settle(desk, written)
    source = desk.library.derivation("count-double")
    assert source is not None
    assert source.title == "My twice"
    assert version_of(desk, "count-double") is Version.STANDS_IN
    assert scheduled(desk).count("count-double") == 1
    go_back(desk, "count-double")
    assert version_of(desk, "count-double") is Version.NONE


def test_a_term_comes_with_both_directions(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        entry = next(e for e in desk.library.entries if any("/term/" in id for id in e.card_ids))
        one, two = [id for id in entry.card_ids if "/term/" in id][:4:2]
        for card in (one, two):
            written = editable(desk, card)
            lines = written.path.read_text("utf-8").split("\n")
            assert lines[written.line - 1].startswith("- id: ")
            lines[written.line + 1] = '  en: "my own word"'
            written.path.write_text("\n".join(lines), "utf-8")
            assert settle(desk, written)
            assert questions.question_of(desk, card).answer == "my own word"
        assert desk.pack_problems == ()
        go_back(desk, one)
        assert version_of(desk, one) is Version.NONE
        assert version_of(desk, two.replace("zh-en", "en-zh")) is Version.STANDS_IN
        go_back(desk, two)
        assert version_of(desk, two) is Version.NONE


def test_every_shipped_thing_can_be_edited_while_the_package_is_read_only(tmp_path: Path) -> None:
    """Finding B1: whatever is edited, nothing of it lies in the installed package."""
    shipped = paths.shipped_content()
    before = tree(shipped)
    with opened(tmp_path) as desk:
        kinds: dict[str, str] = {}
        for entry in desk.library.entries:
            for card in entry.scheduled_ids:
                kinds.setdefault(type(desk.library.source(card)).__name__, card)
        assert len(kinds) >= 9
        for card in kinds.values():
            written = editable(desk, card)
            assert written.path.is_relative_to(desk.directories.own)
            change(written, written.block.split("\n")[0], written.block.split("\n")[0] + " ")
            assert settle(desk, written)
            assert version_of(desk, card) is Version.STANDS_IN, card
        assert desk.pack_problems == ()
    assert tree(shipped) == before


def test_an_imported_pack_never_takes_over_a_shipped_card(desk: Desk, tmp_path: Path) -> None:
    thief = desk.imported_packs / "thief"
    (thief / "aaa").mkdir(parents=True)
    (thief / "pack.toml").write_text('id = "thief"\ntitle = "Thief"\n')
    stolen = "```{card} count-why\nkind: basic\nask: Stolen\nanswer: x\nreplaces: abc\n```\n"
    head = "---\nid: thief\ntitle: Thief\ntrack: aaa\n---\n\n"
    (thief / "aaa" / "thief.md").write_text(head + stolen)
    with opened(tmp_path) as again:
        assert questions.question_of(again, "count-why").prompt == "Why count?"
        assert scheduled(again).count("count-why") == 1


def test_a_broken_own_file_is_told_by_line_and_the_other_cards_go_on(
    desk: Desk, tmp_path: Path
) -> None:
    sound = add(desk, Draft(Form.CARD, "One?", "1", (), PLACE))
    add(desk, Draft(Form.CARD, "Two?", "2", (), PLACE))
    change(sound, "  Two?", "  Two?\n kind: twice")
    folder = desk.directories.own / "content" / "own"
    (folder / "stray.md").write_bytes(b"\xff\xfe no front matter \x00")
    os.mkfifo(folder / "pipe.md")
    (folder / "circle.md").symlink_to(folder / "circle.md")
    (desk.directories.own / "content" / "pack.toml").write_text("id = \n")
    with opened(tmp_path) as again:
        assert sound.id in scheduled(again)
        told = [problem.where for problem in again.pack_problems]
        assert any("own-counting.md:1" in where or "own-counting.md:2" in where for where in told)
        assert any("stray.md" in where for where in told)
        assert any("circle.md" in where for where in told)
        assert any("pack.toml" in where for where in told)
        assert "count-why" in scheduled(again)


def test_an_own_pack_that_cannot_be_read_or_written_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.directories.data.mkdir(parents=True, exist_ok=True)
    desk.directories.own.write_text("a file in the way")
    with pytest.raises(StudyError, match="your own pack cannot be"):
        add(desk, Draft(Form.CARD, "One?", "1", (), PLACE))
    with opened(tmp_path) as again:
        assert "count-why" in scheduled(again)


def test_an_own_program_runs_only_when_it_is_trusted_here(desk: Desk) -> None:
    written = editable(desk, "count-print")
    change(written, "print(1 + 1)", "print(1 + 2)")
    settle(desk, written)
    question = questions.question_of(desk, "count-print")
    assert not questions.may_run(desk, question)
    questions.trust(desk, question, NOW)
    assert questions.may_run(desk, question)


def test_a_review_goes_on_with_the_version(desk: Desk) -> None:
    desk.ledger.grade("count-why", Rating.EASY, NOW, retention=0.9, factor=None)
    later = NOW + timedelta(days=400)
    reworded(desk)
    session = ReviewSession(desk.ledger, desk.records(), later)
    shown = session.next(later)
    assert shown is not None
    assert shown.record.card == "count-why"
    assert shown.record.content == desk.library.entry("own-counting").digest


def test_an_export_has_every_card_once_and_no_own_program_is_run_for_it(
    desk: Desk, tmp_path: Path
) -> None:
    before = exported(desk, tmp_path)
    written = editable(desk, "count-print")
    marker = tmp_path / "run"
    change(written, "print(1 + 1)", f"open('{marker}', 'w')")
    settle(desk, written)
    reworded(desk)
    after = exported(desk, tmp_path)
    assert set(before) == set(after)
    assert len(after) == len(set(after))
    assert not marker.exists()


def exported(desk: Desk, folder: Path) -> list[str]:
    """The notes of an export, by their ids."""
    path = folder / "cards.apkg"
    export(desk, path, NOW)
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki21", folder)
    with closing(sqlite3.connect(folder / "collection.anki21")) as found:
        return [guid for (guid,) in found.execute("SELECT guid FROM notes")]
