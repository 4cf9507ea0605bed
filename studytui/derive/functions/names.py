"""The functions and constants that the grammar knows, and the spellings of each."""

from __future__ import annotations

FUNCTIONS: dict[str, tuple[int, int]] = {
    "exp": (1, 1), "log": (1, 2), "sqrt": (1, 1), "root": (2, 2),
    "sin": (1, 1), "cos": (1, 1), "tan": (1, 1), "cot": (1, 1), "sec": (1, 1), "csc": (1, 1),
    "asin": (1, 1), "acos": (1, 1), "atan": (1, 1), "atan2": (2, 2),
    "sinh": (1, 1), "cosh": (1, 1), "tanh": (1, 1),
    "asinh": (1, 1), "acosh": (1, 1), "atanh": (1, 1),
    "abs": (1, 1), "sign": (1, 1), "floor": (1, 1), "ceiling": (1, 1), "mod": (2, 2),
    "re": (1, 1), "im": (1, 1), "conjugate": (1, 1), "arg": (1, 1),
    "max": (1, 64), "min": (1, 64),
    "factorial": (1, 1), "binomial": (2, 2), "gamma": (1, 1), "loggamma": (1, 1),
    "digamma": (1, 1), "zeta": (1, 1), "betafunction": (2, 2),
    "erf": (1, 1), "erfc": (1, 1),
    "sigmoid": (1, 1), "relu": (1, 1), "softplus": (1, 1), "logit": (1, 1),
    "delta": (2, 2), "indicator": (1, 1),
    "det": (1, 1), "trace": (1, 1), "inverse": (1, 1), "identity": (1, 1), "norm": (1, 1),
    "dot": (2, 2), "diag": (1, 1), "normalpdf": (3, 3), "sg": (1, 1),
}  # fmt: skip
"""Functions with the fewest and the most arguments."""

SPELLINGS = {
    "ln": "log", "log2": "log2", "log10": "log10", "cbrt": "cbrt", "square": "square",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "arsinh": "asinh", "arcosh": "acosh",
    "artanh": "atanh", "sgn": "sign", "ceil": "ceiling", "conj": "conjugate",
    "Abs": "abs", "Max": "max", "Min": "min", "Re": "re", "Im": "im",
    "comb": "binomial", "choose": "binomial", "Gamma": "gamma", "lgamma": "loggamma",
    "psi": "digamma", "logistic": "sigmoid", "sigma": "sigmoid", "ReLU": "relu",
    "KroneckerDelta": "delta", "det": "det", "tr": "trace", "inv": "inverse", "eye": "identity",
    "fact": "factorial", "Beta": "betafunction", "zeta": "zeta", "tg": "tan", "ctg": "cot",
    "Pow": "power", "pow": "power", "Identity": "identity",
}  # fmt: skip
"""Other names of functions; of Greek ones the letter followed by a bracket."""

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


def known_function(word: str) -> str | None:
    """The function that a word names, if it names one."""
    if word in SPELLINGS:
        return SPELLINGS[word]
    return word if word in FUNCTIONS else None
