"""The interface: how it is put together.

**Start.** ``app.run()`` asks the terminal for its background, imports :mod:`~studytui.tui.shell`
while the terminal answers, and runs ``StudyApp``. Home is painted empty; only then a worker reads
the :class:`~studytui.tui.home_model.Shelf` (catalogue, what is due, places) and posts
``ShelfRead``.
Nothing on that way imports more than home needs: screens and widgets are imported where they are
first used.

**State.** The app owns the ``Desk`` (:mod:`studytui.study.desk`: settings, library, ledger, prover,
runner, each opened when first used), the ``Palette``, the ``Shelf`` and the back-and-forward
``History``. A screen owns what it shows. Workers run in threads, touch no widget, and post the
messages of :mod:`~studytui.tui.messages`; handlers of widgets, screens and the app own all state.

**Keys.** :mod:`~studytui.tui.actions` is the one registry. A *scope* is a screen or a widget that
answers keys: it has ``SCOPE = "reader"`` and ``BINDINGS = bindings(SCOPE)``; its table of actions
stands in the module that ``registry.SCOPES`` names, and each action calls ``action_<name>`` of the
widget. From the registry come the key bar (``KeyBar``: actions with ``bar=True``, nearest scope
first), the help screen, the command palette, and the ids of the user's key map.

**Painting.** Almost all text is painted by the Line API from segments with *style names*
(:mod:`~studytui.tui.palette` turns ``strong link`` into colours for light, dark or no colour).
Widgets that paint their own lines mix in ``Painted``; ``Lines`` shows a few wrapped lines and is
enough for most labels. Text from outside goes through ``layout.safe.clean`` before it is painted.

**The page.** ``document.cut`` cuts an article into parts: runs of prose, and between them live
blocks and pictures. ``Page`` is one scrolling column of them. A ``Prose`` paints the lines of a
:class:`~studytui.library.layout.flow.Flow`, which lays out a block when a line of it is asked for.
``PageLayout`` gives parts that are not mounted their room, and after every layout scrolls to the
``Spot`` (part, block, line) that the page holds: so late heights, growing output and resizing never
move the text under the reader's eyes. Far parts are mounted late; never more than 40 are.

**Live blocks.** ``widgets/live.py`` maps SnippetBlock, DerivationBlock, CardBlock and Picture to
their widgets, all of them ``LiveBlock``: a ``HeadLine`` (mark, title, what it is; ``head.say``) and
what ``body()`` yields. A live block is focusable, as high as its content, and has a scope of its
own (``snippet``, ``derivation``, ``card``); keys that it does not bind go on to the reader, so that
scrolling works from everywhere. While ``is_busy`` is true the page does not take it away. Tab walks
through its focusable children and then on to the next link or live block.
"""
