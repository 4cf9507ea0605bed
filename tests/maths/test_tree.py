"""The parser's tree in our terms: every type of node is handled or refused by name."""

from __future__ import annotations

import json

import mathra
import pytest

from studytui.maths import nodes
from studytui.maths.errors import FormulaError
from studytui.maths.nodes import Atom, Symbol
from studytui.maths.script_habits import walk
from studytui.maths.tree import build, parse


def test_letters_come_in_their_alphabet() -> None:
    assert parse(r"\mathbb{R}").root == Symbol("ℝ")
    assert parse(r"\mathbf{x}").root == Symbol("𝐱")
    assert parse(r"\mathrm{d}").root == Symbol("d", Atom.ORDINARY, upright=True)


def test_digits_keep_theirs_though_the_parser_drops_it() -> None:
    assert [node.text for node in _symbols(r"\mathbb{1}+\mathbf{0}+\mathbf{12}")] == [
        "𝟙", "+", "𝟎", "+", "12",
    ]  # fmt: skip


def test_aliases_end_where_the_command_ends() -> None:
    assert parse(r"\sgn x") == parse(r"\operatorname{sgn} x")
    assert parse(r"\varSigma") == parse(r"\Sigma")
    with pytest.raises(FormulaError, match="unsupported command"):
        parse(r"\sgnal")


def test_thousands_keep_their_mark() -> None:
    assert parse("1,000,000").root == Symbol("1,000,000", Atom.ORDINARY, upright=True)


def test_a_group_with_one_script_takes_the_other() -> None:
    assert parse("{x_i}^2") == parse("x_i^2")
    assert parse("{x^2}_i") == parse("x_i^2")


def test_an_unknown_node_is_refused_by_name() -> None:
    with pytest.raises(FormulaError, match="cannot typeset novelty"):
        build({"type": "novelty"})


@pytest.mark.parametrize(
    ("tex", "kind"),
    [
        (r"\chemfig{A-B}", "chemistry"),
        (r"\begin{tikzcd}A \arrow[r] & B\end{tikzcd}", "arrow-diagram"),
    ],
)
def test_what_is_no_formula_is_refused(tex: str, kind: str) -> None:
    assert f'"{kind}"' in mathra.tex_to_tree(tex)
    with pytest.raises(FormulaError, match=kind):
        parse(tex)


HANDLED = {
    nodes.Row: "a+b",
    nodes.Symbol: "a",
    nodes.Function: r"\log",
    nodes.BigOperator: r"\sum",
    nodes.Fraction: r"\frac ab",
    nodes.Root: r"\sqrt[3]{x}",
    nodes.Scripts: "x^2_i",
    nodes.Delimited: r"\left(x\right)",
    nodes.FixedDelimiter: r"\Big|",
    nodes.Table: r"\begin{array}{c|c}a&b\\\hline c&d\end{array}",
    nodes.Text: r"\text{a $b$}",
    nodes.Accent: r"\hat x",
    nodes.Bar: r"\overline{ab}",
    nodes.Brace: r"\underbrace{a}_b",
    nodes.Space: r"a\quad b",
    nodes.Framed: r"\boxed x",
    nodes.Cancelled: r"\cancel x",
    nodes.Arrow: r"\xrightarrow[b]{a}",
    nodes.VerticalArrow: r"\begin{CD}A @>a>> B\\ @VbVV @VVcV\\ C @>>d> D\end{CD}",
    nodes.Stacked: r"\overset ab",
    nodes.Phantom: r"\phantom x",
    nodes.Classed: r"\mathbin x",
    nodes.Style: r"\displaystyle x",
    nodes.Spanning: r"\begin{array}{cc}\multicolumn{2}{c}{x}\end{array}",
}


@pytest.mark.parametrize(
    ("kind", "tex"), HANDLED.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_each_kind_of_node_comes_from_tex(kind: type, tex: str) -> None:
    assert any(isinstance(node, kind) for node in walk(parse(tex).root))


@pytest.mark.parametrize(
    "tex",
    [r"\smash{x}", r"\raisebox{1pt}{x}", r"\mathclap{x}", r"\color{red}{x}", r"\scalebox{2}{x}"],
)
def test_what_has_no_meaning_in_cells_leaves_its_base(tex: str) -> None:
    shown = json.dumps([node.text for node in walk(parse(tex).root) if isinstance(node, Symbol)])
    words = [node.parts for node in walk(parse(tex).root) if isinstance(node, nodes.Text)]
    assert shown == '["x"]' or words == [("x",)]


def _symbols(tex: str) -> list[Symbol]:
    root = parse(tex).root
    assert isinstance(root, nodes.Row)
    return [node for node in root.children if isinstance(node, Symbol)]
