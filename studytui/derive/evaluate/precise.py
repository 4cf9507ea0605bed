"""The evaluation with mpmath, whole: derivatives and expectations are built on analysis."""

from __future__ import annotations

from typing import Any

from studytui.derive.evaluate.analysis import Analysis
from studytui.derive.evaluate.derivatives import derivative
from studytui.derive.evaluate.randomness import expectation
from studytui.derive.expr import nodes


class PreciseEvaluation(Analysis):
    """Values of all that has one, with their error."""

    def _analysed(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Expectation):
            return expectation(self, node)
        if isinstance(node, nodes.Derivative):
            return derivative(self, node)
        return super()._analysed(node)
