"""Ids are unique: of articles over all packs, of cards and derivations too."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem, suggest
from studytui.library.lint.checked import Checked, line_of_key


def ids(checked: Checked) -> Iterator[Problem]:
    """Ids that stand twice, and tracks that the pack does not name."""
    articles: dict[str, str] = {parsed.article.id: "another pack" for parsed in checked.others}
    live: dict[str, str] = {}
    for parsed in checked.others:
        article = parsed.article
        live |= {card.id: article.id for card in article.cards}
        live |= {source.id: article.id for source in article.derivations}
        live |= {exercise.id: article.id for exercise in article.exercises}
    tracks = tuple(track.id for track in checked.pack.tracks)
    for parsed in checked.parsed:
        article = parsed.article
        where = line_of_key(article.path, "id")
        if article.id in articles:
            what = f"the article's id '{article.id}' stands in {articles[article.id]} too"
            yield Problem(article.path, where, what, "Rename one of them")
        articles.setdefault(article.id, str(article.path))
        if article.track != article.path.parent.name:
            yield Problem(
                article.path,
                line_of_key(article.path, "track"),
                f"the track '{article.track}' is not the folder '{article.path.parent.name}'",
                "Move the file, or name the folder",
            )
        elif tracks and article.track not in tracks:
            yield Problem(
                article.path,
                line_of_key(article.path, "track"),
                f"pack.toml has no track '{article.track}'",
                suggest(article.track, tracks),
            )
        # A version of the reader's own bears the id of what it stands in for.
        names = [(card.id, card.line) for card in article.cards if not card.replaces]
        names += [(each.id, each.line) for each in article.derivations if not each.replaces]
        names += [(each.id, each.line) for each in article.exercises if not each.replaces]
        taken = {id: card for card in article.cards for id in card.scheduled_ids}
        for name, line in names:
            if live.get(name, article.id) != article.id:
                what = f"the id '{name}' stands in the article '{live[name]}' too"
                yield Problem(article.path, line, what, "Rename the newer one")
            live.setdefault(name, article.id)
        for source in article.derivations:
            if source.id in taken:
                what = f"a card and a derivation are both called '{source.id}'"
                yield Problem(article.path, source.line, what, "Rename the newer one")
