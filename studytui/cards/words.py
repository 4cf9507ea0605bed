"""Typed words held against the expected ones."""

from __future__ import annotations

import difflib
import re
import unicodedata

from studytui.cards.card import Judged

_MARKUP = re.compile(r"[*_`$]")
_PARENTHESES = re.compile(r"\s*[(（][^()（）]*[)）]")


def judge_words(typed: str, gaps: tuple[str, ...]) -> Judged:
    """Judge the words of one gap, or of several with ``|`` between."""
    given = [part.strip() for part in typed.split("|")] if len(gaps) > 1 else [typed]
    if len(given) == len(gaps) and all(map(same_words, given, gaps)):
        return Judged(True, "Right.")
    if len(given) == len(gaps) and all(map(close_words, given, gaps)):
        return Judged(True, "Right but for the spelling.")
    # Words can be right in ways that no comparison sees.
    return Judged(None, "Not the same words. Compare, and grade yourself.")


def plain(text: str) -> str:
    """``text`` as it is compared: NFKC, no markup, one space between words, lower case."""
    folded = unicodedata.normalize("NFKC", _MARKUP.sub("", text))
    return " ".join(folded.split()).casefold().strip(" .;,")


def same_words(typed: str, expected: str) -> bool:
    """Whether two answers say the same words.

    What stands in parentheses may be left out, and one of several, divided by ``/`` or ``;``,
    is enough.
    """
    accepted = {plain(expected), plain(_PARENTHESES.sub("", expected))}
    accepted |= {plain(part) for part in re.split(r"[/;；]", expected)}
    accepted.discard("")
    return plain(typed) in accepted


def close_words(typed: str, expected: str) -> bool:
    """Whether a wrong answer looks like a slip of the finger: at most one letter in eight off."""
    ratio = difflib.SequenceMatcher(None, plain(typed), plain(expected)).ratio()
    return ratio >= 1 - 1 / 8
