"""Claims: what the prose of an article says in numbers, and the checks that hold it to them.

Pure text and arithmetic: the programs of checks are run by :mod:`studytui.run.child.claims`.
"""
