"""What authors write, before it means anything: YAML trees with lines, their fields, problems.

An author writes a mapping, and may get any part of it wrong. So nothing here stops at the first
fault: :mod:`~studytui.authoring.yaml_tree` reads YAML as plain text with the line of every key,
:mod:`~studytui.authoring.fields` takes a mapping apart field by field and collects what is missing,
misspelt or of the wrong shape in :mod:`~studytui.authoring.problems`, each with ``file:line`` and
what to do. :mod:`~studytui.authoring.python` parses the Python that authors write (one thread at a
time, because older CPythons cannot do more) and never runs it.

What the fields *mean* is said elsewhere: by ``cards``, ``derive`` and ``library``, which read their
own through this room. It knows none of them.
"""
