"""Subscripts: a part of a name, or the index of an element."""

from __future__ import annotations

from studytui.derive.expr.nodes import Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.syntax.normalise import GREEK
from studytui.derive.syntax.operands import listed
from studytui.derive.syntax.parser import POWER, Parser


def canonical(word: str) -> str:
    """Greek letters spelled out."""
    if word.isascii():
        return word
    return "".join(GREEK.get(letter, letter) for letter in word)


def composite(parser: Parser, name: str) -> str | None:
    """A declared name such as ``alphabar_{t-1}``, taken."""
    stream, place = parser.stream, parser.position + 1
    if stream[place].text != "{":
        return None
    end = place + 1
    while stream[end].kind in ("word", "number") or stream[end].text in ("+", "-"):
        end += 1
    inside = "".join(canonical(token.text) for token in stream[place + 1 : end])
    whole = f"{name}_{{{inside}}}"
    if stream[end].text != "}" or whole not in parser.symbols.domains:
        return None
    parser.position = end + 1
    return whole


def plain_subscript(parser: Parser) -> str | None:
    """A subscript that is a word or a number, taken; None if it is an expression."""
    parser.expect("_", "")
    if parser.next.kind in ("word", "number"):
        token = parser.advance()
        text = canonical(token.text)
        if parser.latex and token.kind == "number" and len(text) > 1:
            raise ExpressionError("put the subscript in braces", column=token.column)
        follower = parser.next
        if not parser.latex and token.kind == "number" and follower.kind == "word":
            return text
        return text if text.isalnum() else None
    if parser.at("{"):
        end = parser.position + 1
        if parser.stream[end].kind == "command" and parser.stream[end].text in ("mathrm", "text"):
            return _upright(parser)
        text = ""
        while parser.stream[end].kind in ("word", "number"):
            text += canonical(parser.stream[end].text)
            end += 1
        closed = parser.stream[end]
        if text and closed.kind == "operator" and closed.text == "}":
            parser.position = end + 1
            return text
        return None
    if parser.next.kind == "command" and parser.next.text in ("mathrm", "text"):
        parser.advance()
        return spelled_group(parser)
    return None


def _upright(parser: Parser) -> str | None:
    """``{\\mathrm{KL}}``, taken."""
    start = parser.position
    parser.position += 2
    text = spelled_group(parser)
    if parser.at("}"):
        parser.advance()
        return text
    parser.position = start
    return None


def subscript(parser: Parser) -> list[Node]:
    """The indices in a subscript."""
    parser.expect("_", "")
    if parser.at("{"):
        parser.advance()
        return listed(parser, "}")
    return [parser.expression(POWER)]


def spelled_group(parser: Parser) -> str:
    """The letters in a braced group, or the next single letter."""
    if not parser.at("{"):
        return canonical(parser.advance().text)
    parser.advance()
    spelled = ""
    while parser.next.kind in ("word", "number") or parser.at("_", "-"):
        spelled += canonical(parser.advance().text)
    parser.expect("}", "to close the name")
    return spelled.replace("-", "_")
