"""Names with a meaning that are no functions: forms, constants, Greek letters and accents."""

from __future__ import annotations

FORMS = {
    "sum": "sum", "Sum": "sum", "prod": "product", "product": "product", "Product": "product",
    "int": "integral", "integral": "integral", "integrate": "integral", "Integral": "integral",
    "diff": "derivative", "Derivative": "derivative", "derivative": "derivative",
    "lim": "limit", "limit": "limit", "Limit": "limit", "argmax": "argmax", "argmin": "argmin",
    "piecewise": "piecewise", "Piecewise": "piecewise", "cases": "piecewise", "if": "if",
    "transpose": "transpose", "Transpose": "transpose", "Matrix": "matrix", "matrix": "matrix",
    "Var": "variance", "var": "variance", "Cov": "covariance", "cov": "covariance",
    "grad": "gradient", "softmax": "softmax", "logsumexp": "logsumexp",
}  # fmt: skip
"""Forms that bind a variable or take their arguments in a way of their own."""

CONSTANTS = {
    "pi": "pi", "e": "e", "i": "i", "I": "i", "oo": "oo", "inf": "oo", "infinity": "oo",
    "infty": "oo", "true": "true", "True": "true", "false": "false", "False": "false",
}  # fmt: skip
"""Constants, unless the name is declared."""

GREEK_WORDS = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "omicron",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
        "ell",
        "varepsilon",
        "vartheta",
        "varrho",
        "varphi",
        "varsigma",
    ]
)
ACCENT_WORDS = ("bar", "hat", "tilde", "dot", "star", "prime", "max", "min", "new", "old")
