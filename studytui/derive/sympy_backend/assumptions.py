"""What sympy is told of a symbol by its domain."""

from __future__ import annotations

from studytui.derive.expr.domains import Domain


def assumptions(domain: Domain) -> dict[str, bool]:
    """What sympy is told of a symbol."""
    if domain.kind == "complex":
        return {"complex": True, **({"zero": False} if domain.nonzero else {})}
    facts = {"integer": True} if domain.whole else {"real": True}
    return {**facts, **sign_facts(domain)}


def sign_facts(domain: Domain) -> dict[str, bool]:
    """The sign that a domain fixes."""
    facts: dict[str, bool] = {"real": True} if domain.kind != "complex" else {}
    for name in ("positive", "negative", "nonnegative", "nonpositive"):
        if getattr(domain, name):
            facts[name] = True
    if domain.nonzero:
        facts["zero"] = False
    return facts
