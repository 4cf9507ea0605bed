"""TeX that people write and the parser lacks, put into words that it knows."""

from __future__ import annotations

import re

from studytui.maths.letters import in_alphabet

_NAMES = ("sgn", "sign", "diag", "Var", "Cov", "softmax", "arcsinh", "arccosh", "arctanh")
_ALIASES = {
    **{rf"\{name}": rf"\operatorname{{{name}}}" for name in _NAMES},
    r"\operatornamewithlimits": r"\operatorname*",
    r"\vcentcolon": ":",
    r"\colonequals": ":=",
    r"\defeq": r"\triangleq",
    r"\given": r"\mid",
    r"\indep": r"\mathrel{⫫}",
    r"\independent": r"\mathrel{⫫}",
    r"\Perp": r"\mathrel{⫫}",
    r"\middot": r"\cdot",
    r"\cdotp": r"\cdot",
    r"\ldotp": ".",
    r"\mathellipsis": r"\ldots",
    r"\textbar": "|",
    r"\lgroup": "(",
    r"\rgroup": ")",
    r"\lmoustache": r"\{",
    r"\rmoustache": r"\}",
    r"\overgroup": r"\overparen",
    r"\undergroup": r"\underparen",
    r"\widebar": r"\overline",
    r"\underbar": r"\underline",
    r"\bold": r"\mathbf",
    r"\mathds": r"\mathbb",
    r"\mathbbm": r"\mathbb",
    r"\intop": r"\int\limits",
    r"\varprod": r"\prod",
    r"\space": r"\ ",
    r"\nobreak": "",
    **{rf"\var{name}": rf"\{name}" for name in ("Gamma", "Delta", "Theta", "Lambda", "Xi")},
    **{rf"\var{name}": rf"\{name}" for name in ("Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")},
}
# A command ends where its letters end, and the end of a line, two backslashes, begins none.
_ALIAS = re.compile(r"\\\\|(?:" + "|".join(map(re.escape, _ALIASES)) + ")(?![a-zA-Z])")
_DIGIT = re.compile(r"\\(mathbb|mathds|mathbbm|mathbf|boldsymbol|bm)\s*(\{[0-9]\}|[0-9](?![0-9]))")


def in_known_words(tex: str) -> str:
    """The same formula without commands that the parser would refuse."""
    if "\\" not in tex:
        return tex
    tex = _DIGIT.sub(_digit, tex)
    return _ALIAS.sub(lambda found: _ALIASES.get(found[0], found[0]), tex)


def _digit(found: re.Match[str]) -> str:
    # The parser drops the alphabet of a digit, and a blackboard 1 for an indicator is common.
    blackboard = found[1] in ("mathbb", "mathds", "mathbbm")
    return in_alphabet(found[2].strip("{}"), "double-struck" if blackboard else "bold")
