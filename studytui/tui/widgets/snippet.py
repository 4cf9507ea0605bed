"""A snippet that is run where it stands, with its parameters, its output and the reader's copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.run.dependencies import code_digest
from studytui.study.attention import Subject
from studytui.study.latest_run import Wish
from studytui.tui.actions import bindings
from studytui.tui.messages import (
    FormDone,
    KeysChanged,
    RunTold,
    SnippetBroken,
    SnippetRead,
    ValuesMoved,
)
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.parameter_form import ParameterForm
from studytui.tui.widgets.run_messages import (
    moving_words,
    past_line,
    values_line,
    values_of,
)
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.runs import Runs
from studytui.tui.widgets.snippet_editing import OwnCopy
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import SnippetBlock
    from studytui.run.edits import Copy
    from studytui.run.events import Failed
    from studytui.run.outputs import Kept
    from studytui.run.signature import Snippet
    from studytui.study.desk import Desk
    from studytui.study.running import Script, Workbench
    from studytui.tui.palette import Palette


class SnippetPanel(OwnCopy, LiveBlock):
    """Runs in a process of its own; a worker reads its events, this widget shows them."""

    SCOPE = "snippet"
    MARK = "▶"
    BINDINGS = bindings(SCOPE)

    def __init__(self, block: SnippetBlock, article: Article, desk: Desk, palette: Palette) -> None:
        name = block.name.rpartition("/")[2].replace("_", " ")
        super().__init__(block.caption or name, "snippet", palette)
        self.subject = Subject(Activity.RUN, block.name)
        self.block, self.desk = block, desk
        self.values = dict(block.parameters)
        self.device = ""
        self.script: Script | None = None
        self.snippet: Snippet | None = None
        self.copy: Copy | None = None
        self.trusted, self.is_read = True, False
        self._shown = ""
        self._state = Lines([], palette, id="snippet-state")
        self.runs = Runs(palette, desk.settings.interface.images, lambda: self.workbench)

    @property
    def output(self) -> RunOutput:
        """Where the present run is shown."""
        return self.runs.output

    @property
    def is_busy(self) -> bool:
        """Whether it runs, or holds something that would be lost."""
        return self.runs.is_busy or bool(self.query(ParameterForm))

    @property
    def workbench(self) -> Workbench:
        """What runs, trusts and keeps."""
        from studytui.study.running import Workbench

        return Workbench(self.desk, self._now)

    def body(self) -> ComposeResult:
        """What it shows, its values, its output, how it ended, its source when asked for.

        However long the source is, a run is seen beside its values.
        """
        yield Lines([[("…", "faint")]], self.palette, id="snippet-summary")
        yield Lines([], self.palette, id="snippet-values")
        yield self.runs
        yield self._state
        yield Fragment(self.palette, id="snippet-source")

    async def begin(self) -> None:
        """Read the source, and warm the runner up."""
        self.read_again()

    def read_again(self) -> None:
        """Read the source, in a worker."""
        self._in_worker(self._read)

    def _in_worker(self, work: Callable[[], None]) -> None:
        self.run_worker(partial(self._guarded, work), thread=True, group="snippet")

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StudyError as error:
            self.post_message(SnippetBroken(error))

    def _read(self) -> None:
        bench = self.workbench
        script = bench.find(self.block.name)
        snippet = bench.read(script)
        past = bench.past(script)
        self.post_message(
            SnippetRead(
                script=script,
                snippet=snippet,
                copy=bench.copy(script),
                trusted=bench.untrusted(script, snippet) is None,
                last=past[0] if past else None,
            )
        )
        self.desk.runner.warm()

    async def on_snippet_read(self, message: SnippetRead) -> None:
        """Show what it is, and what it said last time."""
        message.stop()
        self.script, self.snippet, self.is_read = message.script, message.snippet, True
        self.copy, self.trusted = message.copy, message.trusted
        self.describe()
        if message.last is not None and not self.runs.is_busy:
            await self.runs.show_kept(message.last)
            self.say(_last_line(message, message.last, self.values, self.output.failed))

    def on_snippet_broken(self, message: SnippetBroken) -> None:
        """Say what is wrong."""
        message.stop()
        self.is_read = True
        rows: list[Styled] = [[(row, "warn")] for row in str(message.error).splitlines()]
        self._tell(rows)

    def describe(self) -> None:
        """Show what it is, its values and whether a copy is run."""
        assert self.snippet is not None
        self.query_one("#snippet-summary", Lines).show([[(self.snippet.summary, "soft")]])
        line = values_line(self.snippet, self.values, self.device)
        self.query_one("#snippet-values", Lines).show([line])
        kind = "exercise" if self.snippet.exercise else "snippet"
        self.head.say(f"{kind} · your copy" if self.copy else kind)

    def say(self, line: Styled) -> None:
        """Say something under the output."""
        self._tell([line])

    def _tell(self, lines: list[Styled], *, quiet: bool = False) -> None:
        """Show lines under the output, in sight unless ``quiet``."""
        self._state.show(lines)
        if self.has_focus_within and not quiet:
            self.keep_in_sight("#snippet-state")

    # Running ---------------------------------------------------------------------------------

    async def action_run(self, *, check: bool = False) -> None:
        """Run it with the values of the form."""
        if self.script is None or self.snippet is None:
            return
        if self.runs.goes:
            self.say([("It runs already: ", "soft"), ("x", "key"), (" stops it", "soft")])
            return
        if not self.trusted:
            self.action_trust()
            return
        await self.runs.output.clear()
        self.say([("starting …", "faint")])
        self.runs.want(self._wish(check=check))

    def _wish(self, *, live: bool = False, check: bool = False) -> Wish:
        assert self.script is not None
        return Wish(
            self.script,
            dict(self.values),
            self.device,
            edited=self.copy is not None,
            check=check,
            columns=self.runs.columns,
            live=live,
        )

    def on_run_told(self, message: RunTold) -> None:
        """Say how the run goes, or what is wrong with it."""
        message.stop()
        self._tell(message.lines, quiet=message.quiet)
        self._explain_moving()

    def action_stop(self) -> None:
        """Stop it."""
        self.interrupt()

    def interrupt(self) -> bool:
        """An interrupt first, then the whole process group is killed."""
        if self.runs.goes:
            self.say([("stopping …", "warn")])
            self._in_worker(self.runs.latest.stop)
        return self.runs.goes

    async def action_check(self) -> None:
        """Check the exercise."""
        if self.snippet is None or self.snippet.exercise is None:
            self.say([("This snippet is no exercise.", "soft")])
            return
        await self.action_run(check=True)

    async def action_hold(self) -> None:
        """Keep the present run as A, or let it go."""
        self.say(await self.runs.hold_or_let_go())

    def on_values_moved(self, message: ValuesMoved) -> None:
        """Run again where that is quick; the newest value wins."""
        message.stop()
        self.describe()
        if self._moves_live:
            self.runs.want(self._wish(live=True))
        self._explain_moving()

    @property
    def _moves_live(self) -> bool:
        """Whether a value that is moved is tried at once."""
        is_one_process = self.snippet is not None and not self.snippet.ranks
        return self.trusted and is_one_process and self.runs.can_go_live

    def _explain_moving(self) -> None:
        for form in self.query(ParameterForm):
            form.say(moving_words(self.runs.seconds, live=self._moves_live))
            self.keep_in_sight("ParameterForm")

    # Values and device -----------------------------------------------------------------------

    async def action_form(self) -> None:
        """Open or close the form of parameters."""
        if self.snippet is None:
            return
        if self.query(ParameterForm):
            await self._close_form()
        elif self.snippet.parameters:
            form = ParameterForm(self.snippet.parameters, self.values)
            # Under the output: what a value does is seen while it moves.
            await self.mount(form, before="#snippet-state")
            self._explain_moving()
            for field in form.query("Input, Select, Checkbox").results():
                field.focus()
                break
            self.post_message(KeysChanged())

    async def on_form_done(self, message: FormDone) -> None:
        """The form was closed, perhaps to run."""
        message.stop()
        await self._close_form()
        if message.run:
            await self.action_run()

    async def _close_form(self) -> None:
        await self.query(ParameterForm).remove()
        self.describe()
        self.focus()

    def action_device(self) -> None:
        """The next device that is there."""
        from studytui.run.devices import found

        names = ["", *(device.name for device in found())]
        place = names.index(self.device) if self.device in names else 0
        self.device = names[(place + 1) % len(names)]
        if self.snippet is not None:
            self.describe()


def _last_line(
    read: SnippetRead, last: Kept, values: Mapping[str, str], failed: Failed | None
) -> Styled:
    """What is said of the run that is kept, beside the code and the values as they are now."""
    stale = last.stale(code_digest(read.copy.snippet if read.copy else read.snippet))
    return past_line(last, values_of(read.snippet, values), stale=stale, failed=failed)
