"""Snippets: signature, launcher, events, devices, limits and trust.

A snippet is a Python file with a ``main``. It is read, never imported (``signature.py``,
``annotations.py``), and what it can import from beside it is fingerprinted with it (``trust.py``,
``dependencies.py``): code that did not come with studytui runs only once the reader saw all of
it.

Three processes share a run. The **fork server** (``fork_server.py``, by
``fork_server_client.py``) has imported torch and only forks; ``direct_launch.py`` does without
it. The **supervisor** stands beside each run: it reads what is printed, keeps limits
(``limits.py``), and ends the whole tree (``process_tree.py``) surely. The **child** (``child/``)
is the snippet's own process, with hooks that report progress, figures and values and never change
what the program does.

What a run says are typed events, a JSON object a line (``events.py``), in band with its text so
that all keeps its place; every field is checked when it is read, for what comes from a run is
hostile. ``runner.py`` is the one door; ``outputs.py`` keeps what was printed and drawn. Ranks
start through torchrun (``ranks.py``) or on a cluster (``cluster.py``).
"""
