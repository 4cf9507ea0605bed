"""Every article's outline holds all that stands in it, and comes back from the index the same."""

from __future__ import annotations

from studytui.library import outline
from studytui.library.activity import Activity
from studytui.library.entry import entry_of
from studytui.library.pack import article_files, shipped_pack
from studytui.library.parse import parse_file


def test_outlines_of_shipped_articles_hold_everything_once_and_in_order() -> None:
    pack = shipped_pack()
    for file in sorted(article_files(pack.root), key=lambda each: str(each.path))[::6]:
        article = parse_file(pack.root / file.path).article
        entry = entry_of(article, pack.id)
        sections = entry.outline
        assert sections == outline.outline_of(article)
        assert sections == outline.from_text(outline.to_text(sections))
        assert len({section.anchor for section in sections}) == len(sections)
        tasks = [task for section in sections for task in section.tasks]
        cards = [id for task in tasks if task.activity is Activity.ANSWER for id in task.ids]
        assert cards == [id for id in entry.card_ids if "/zh-en" not in id and "/en-zh" not in id]
        for activity, ids in (
            (Activity.DERIVE, entry.derivation_ids),
            (Activity.CODE, entry.exercise_ids),
        ):
            assert [task.ids[0] for task in tasks if task.activity is activity] == [*ids]
        assert sections[-1].back_matter, article.id
        assert abs(sum(section.seconds for section in sections) - entry.reading) <= len(sections)
        assert sum(task.probe for task in tasks) >= 2
