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
    if r"\operatorname" in tex:
        tex = _with_set_names(tex)
    return _ALIAS.sub(lambda found: _ALIASES.get(found[0], found[0]), tex)


def _digit(found: re.Match[str]) -> str:
    # The parser drops the alphabet of a digit, and a blackboard 1 for an indicator is common.
    blackboard = found[1] in ("mathbb", "mathds", "mathbbm")
    return in_alphabet(found[2].strip("{}"), "double-struck" if blackboard else "bold")


_NAME = re.compile(r"\\operatorname\s*(\*?)\s*\{")
_WRAPPER = re.compile(r"\\(?:mathrm|text|textrm|mathsf|mathit|textbf|mathbf)\s*\{([^{}\\]*)\}\Z")


def _with_set_names(tex: str) -> str:
    """Operators whose names have commands in them, which the parser would spell out."""
    parts: list[str] = []
    done = 0
    for found in _NAME.finditer(tex):
        end = _closing_brace(tex, found.end())
        if end is None or found.start() < done:
            continue
        name = tex[found.end() : end].strip()
        written = _name_in_known_words(name, limits=bool(found[1]))
        if written is not None:
            parts += [tex[done : found.start()], written]
            done = end + 1
    return "".join([*parts, tex[done:]])


def _name_in_known_words(name: str, *, limits: bool) -> str | None:
    wrapped = _WRAPPER.match(name)
    if wrapped:
        return rf"\operatorname{'*' if limits else ''}{{{wrapped[1]}}}"
    if limits and "\\" in name:
        return rf"\mathop{{\mathrm{{{name}}}}}"
    return rf"{{\mathrm{{{name}}}}}" if re.search(r"\\[a-zA-Z]", name) else None


def _closing_brace(tex: str, start: int) -> int | None:
    """Where the group ends that was opened before ``start``."""
    depth = 1
    for index in range(start, len(tex)):
        if tex[index] in "{}" and tex[index - 1] != "\\":
            depth += 1 if tex[index] == "{" else -1
            if depth == 0:
                return index
    return None
