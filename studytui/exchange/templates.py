"""Anki's card templates: enough of their language to read a card's question and answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_SECTION = re.compile(
    r"\{\{([#^])\s*([^{}]+?)\s*\}\}((?:(?!\{\{[#^/]).)*?)\{\{/\s*\2\s*\}\}", re.DOTALL
)
_HAS_SECTIONS = re.compile(r"\{\{[#^]")
_FIELD = re.compile(r"\{\{([^{}#^/][^{}]*)\}\}")
_ANSWER_LINE = re.compile(r"<hr\s+id=['\"]?answer['\"]?\s*/?>", re.IGNORECASE)
_DEEPEST = 20
_FRONT = "FrontSide"
"""What repeats the front in the back: a card here shows both."""
_UNSEEN = frozenset(("tts",))
_UNSEEN_IN_FRONT = frozenset(("type", "hint", "tts"))
"""Filters whose field the reader types, may uncover, or hears: it does not stand in the text."""
_MARKUP = re.compile(r"<[^>]*>|&nbsp;")


def question_html(template: str, fields: Mapping[str, str]) -> str:
    """The front of a card as HTML."""
    return _render(template, fields, _UNSEEN_IN_FRONT)


def answer_html(template: str, fields: Mapping[str, str]) -> str:
    """The back of a card as HTML, without the repeated front."""
    rendered = _render(template, fields, _UNSEEN)
    return _ANSWER_LINE.split(rendered, maxsplit=1)[-1]


def _filled(value: str) -> bool:
    return bool(_MARKUP.sub("", value).strip())


def _render(template: str, fields: Mapping[str, str], unseen: frozenset[str]) -> str:
    if _has_sections(template):
        template = _without_sections(template, fields)
    return "".join([text + fields.get(name, "") for text, name in _pieces(template, unseen)])


def _without_sections(template: str, fields: Mapping[str, str]) -> str:
    def section(match: re.Match[str]) -> str:
        shown = _filled(fields.get(match[2], "")) == (match[1] == "#")
        return match[3] if shown else ""

    for _ in range(_DEEPEST):
        template, count = _SECTION.subn(section, template)
        if not count:
            break
    return template


@lru_cache(maxsize=1000)
def _has_sections(template: str) -> bool:
    return _HAS_SECTIONS.search(template) is not None


@lru_cache(maxsize=1000)
def _pieces(template: str, unseen: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """A template without sections as texts, each with the field that follows: most decks have few.

    >>> _pieces("<b>{{Front}}</b>{{type:Back}}", frozenset(["type"]))
    (('<b>', 'Front'), ('</b>', ''), ('', ''))
    """
    pieces, place = [], 0
    for match in _FIELD.finditer(template):
        # Filters stand before the name: {{type:Back}}, {{text:hint:Extra}}, {{tts en_US:Front}}.
        *filters, name = match[1].split(":")
        is_unseen = any(each.split()[:1] and each.split()[0] in unseen for each in filters)
        shown = "" if is_unseen or name.strip() == _FRONT else name.strip()
        pieces.append((template[place : match.start()], shown))
        place = match.end()
    return (*pieces, (template[place:], ""))
