"""Where a link leads: what is written in Markdown, and what the reader follows."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from studytui.authoring.problems import shown
from studytui.library.parse.context import Context, LinkUse

_SCHEMES = ("http", "https", "mailto")


def resolve(href: str, line: int, context: Context) -> str:
    """The target for :class:`~studytui.library.blocks.Link`; empty when it leads nowhere."""
    target = _target(href, context.article)
    if not target:
        context.report.add(
            line,
            f"a link leads nowhere: {shown(href)}",
            "Use https://…, #anchor, or the relative path of an article's .md file",
        )
        return ""
    context.links.append(LinkUse(unquote(href), target, line))
    return target


def _target(href: str, article: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme:
        return href if parts.scheme in _SCHEMES else ""
    if parts.netloc or href.startswith(("/", "\\")):
        return ""
    anchor = f"#{unquote(parts.fragment)}" if parts.fragment else ""
    if not parts.path:
        return anchor
    path = PurePosixPath(unquote(parts.path))
    if path.suffix != ".md":
        return ""
    return (anchor or path.stem) if path.stem == article else f"{path.stem}{anchor}"
