"""MyST Markdown to blocks: front matter, rules, inlines, blocks, directives, cards."""

from studytui.authoring.problems import Problem
from studytui.library.parse.article import Parsed, parse_article, parse_file

__all__ = ["Parsed", "Problem", "parse_article", "parse_file"]
