"""MyST Markdown to blocks: front matter, rules, inlines, blocks, directives, cards."""

from studytui.library.parse.article import Parsed, parse_article, parse_file
from studytui.library.problems import Problem

__all__ = ["Parsed", "Problem", "parse_article", "parse_file"]
