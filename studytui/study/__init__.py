"""What a reader does, without an interface: one function a verb, composed from the layers below.

:class:`~studytui.study.desk.Desk` is all that a reader works with (settings, library, journal,
runner, prover), each part opened when it is first used. Shell, interface and plain dialogue are
three fronts on the same functions; whatever two of them need is here, and nothing here draws.

- *Reading*: ``bookmarks``, ``sections`` (what was read), ``attention`` (how long).
- *Running*: ``running``, ``latest_run`` (a number that moves), ``programs``, ``trusting``.
- *Deriving*: ``derivation_session``, ``fading`` (how much stands there already), ``mistakes``.
- *Exercises*: ``exercising``.
- *Recalling*: ``questions``, ``grading``, ``review`` (a sitting), ``due``, ``browsing``,
  ``statistics``.
- *The day*: ``planning/`` puts it together and forecasts where it leads.
- *One's own*: ``own`` and its files, versions and sync.
- *In and out*: ``exchanging``, ``imported_packs``, ``syncing``, ``journal_maintenance``.
- *For authors*: ``check``, ``verifying/``, ``claiming``, ``preview``.
- ``plain/`` is the whole tool as a dialogue in lines, for a screen reader or a pipe.
"""
