"""The served interface in a real Chromium: worked by keys alone, and closed to everybody else.

A browser and a server cost seconds of processor time, and so does every session: there is one of
the first two for all tests, and a test goes one way through a whole sitting.
"""

from __future__ import annotations

import http.server
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from PIL import Image

from studytui.memory.days import StudyDays
from studytui.store.events import Derived, Event, ReadingPlace, Review, SnippetRun
from studytui.store.journal import Journal
from tests.cli.browser.chromium import PATIENCE, Chromium, Tab
from tests.cli.plain_pack import write_pack

ROOT = Path(__file__).parents[3]
HERE = ("localhost", "127.0.0.1")
pytestmark = pytest.mark.xdist_group("chromium")


@dataclass
class Served:
    """``studytui serve`` with a home of its own, whose reader has read before."""

    home: Path
    address: str
    process: subprocess.Popen[str]
    browser: Chromium

    @property
    def events(self) -> list[Event]:
        with Journal.open(self.home / "data" / "journal.db") as journal:
            return list(journal.events())

    def of_kind(self, kind: type) -> list[object]:
        return [event.body for event in self.events if isinstance(event.body, kind)]

    def until_kept(self, kind: type) -> object:
        """Wait until the journal has something of a kind; the last of them."""
        self.browser.until(lambda: self.of_kind(kind), f"no {kind.__name__} was kept")
        return self.of_kind(kind)[-1]

    def sessions(self) -> int:
        """Interfaces that run under the server."""
        return sum(map(is_interface, psutil.Process(self.process.pid).children()))


def is_interface(process: psutil.Process) -> bool:
    try:
        return "studytui" in process.cmdline()
    except psutil.Error:
        return False  # it has just ended


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = write_pack(tmp_path_factory.mktemp("home"), new_from="begun")
    (home / "data").mkdir()
    with Journal.open(home / "data" / "journal.db") as journal:
        journal.append(ReadingPlace("lines", 0, 0.0), StudyDays().moment(datetime.now(UTC)))
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    process = subprocess.Popen(
        [sys.executable, "-m", "studytui", "serve", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "STUDYTUI_HOME": str(home), "EDITOR": "false"},
    )
    assert process.stdout is not None
    address = process.stdout.readline().split()[1]
    yield Served(home, address, process, browser)
    process.terminate()
    _, told = process.communicate(timeout=PATIENCE)
    browser.close()
    assert (process.returncode, told) == (0, ""), "it ends quietly, also with a tab open"


@pytest.fixture
def tab(served: Served) -> Iterator[Tab]:
    """A tab in which the address was opened, at home."""
    tab = Tab(served.browser)
    tab.open(served.address)
    tab.see("P plan")
    yield tab
    tab.close()
    assert {urlsplit(each).hostname for each in tab.requests} <= {*HERE, None}, tab.requests


def open_article(tab: Tab) -> None:
    """From home to the article of the pack, by keys."""
    tab.press("/")
    tab.see("title or track")
    tab.type("lines, and")
    tab.press("enter")
    tab.see("⏎ Read")
    tab.press("enter")
    tab.see("Words of a drawing, a/b:")


def test_a_card_is_reviewed_the_session_ends_and_another_begins(served: Served, tab: Tab) -> None:
    tab.press("r")
    tab.see("What is √4?")
    tab.press("enter")
    tab.see("2 │ two")
    tab.press("3")
    review = served.until_kept(Review)
    assert isinstance(review, Review)
    assert (review.card, int(review.grade)) == ("line-card", 3)
    tab.press("q")
    tab.see("P plan")
    tab.press("q")
    served.browser.until(lambda: tab.closed, "the session did not end")
    shown = "getComputedStyle(document.querySelector('.closed')).display"
    served.browser.until(lambda: tab.evaluate(shown) == "flex", "the end is not told")
    tab.evaluate("document.getElementById('again').click()")
    tab.see("P plan")
    served.browser.until(lambda: served.sessions() == 1, "the first one still runs")


def test_one_reads_runs_derives_and_edits_by_keys_without_a_click(
    served: Served, tab: Tab, tmp_path: Path
) -> None:
    open_article(tab)
    assert "─────" in tab.text, "the fraction is set in two dimensions"
    assert tab.evaluate("document.title") == "studytui"
    assert "token" not in tab.evaluate("location.href")
    assert tab.evaluate("document.cookie") == "", "scripts do not see the token"
    assert tab.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
    with Image.open(tab.picture(tmp_path / "page.png")) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24) or []
        assert len(colours) > 50, "something was drawn"
    # A run with a chart.
    tab.press("}")
    tab.see("Parameters")
    tab.press("r")
    tab.see("T")
    tab.press("T")
    tab.see("Trusted.")
    tab.press("r")
    tab.see("red words")
    tab.see("Losses")
    run = served.until_kept(SnippetRun)
    assert isinstance(run, SnippetRun)
    assert run.outcome == "ok"
    # No editor can be opened upon a browser: the file is written where it is seen.
    tab.press("e")
    tab.see("esc Done")
    tab.type("# mine ")
    copy = served.home / "data" / "edits" / "lines" / "lines" / "drawing.py"
    served.browser.until(lambda: "# mine " in copy.read_text(), "it was not saved")
    tab.press("escape")
    tab.see("stale: the code")
    # A derivation.
    tab.press("}")
    tab.see("Work")
    tab.press("enter")
    tab.see("⏎ Check")
    tab.type("3*x")
    tab.press("enter")
    tab.see("Not equal: at x = ")
    tab.press("ctrl+u")
    tab.see("the next line")
    tab.type("2*x")
    tab.press("enter")
    tab.see("The goal is reached.")
    work = served.until_kept(Derived)
    assert isinstance(work, Derived)
    assert (work.lines, work.done, work.mistakes) == ("2*x", True, 1)


@pytest.fixture
def foreign() -> Iterator[str]:
    """An empty page under another port of this machine: another origin, but the same site."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>foreign</title>")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


SOCKET = """new Promise(done => {
  const socket = new WebSocket("ws://localhost:PORT/ws?width=80&height=24");
  socket.onopen = () => done("open");
  socket.onerror = () => done("refused");
})"""
FETCH = """fetch("http://localhost:PORT/PATH", {credentials: "include", mode: "MODE"})
  .then(answer => answer.type + " " + answer.status, () => "refused")"""
FRAME = """new Promise(done => {
  const frame = document.createElement("iframe");
  frame.onload = () => {
    try { done(frame.contentDocument ? "seen" : "hidden"); } catch { done("hidden"); }
  };
  frame.src = "http://localhost:PORT/";
  document.body.append(frame);
})"""


def test_a_foreign_page_cannot_connect_and_a_stranger_is_refused(
    served: Served, tab: Tab, foreign: str
) -> None:
    """Not even from the browser that has the cookie, and from the same site."""
    before = served.events
    served.browser.until(lambda: served.sessions() == 1, "the one before still runs")
    port = str(urlsplit(served.address).port)
    other = Tab(served.browser)
    other.open(foreign)
    served.browser.until(lambda: other.evaluate("document.title") == "foreign", "no page")
    assert other.evaluate(SOCKET.replace("PORT", port)) == "refused"
    ask = FETCH.replace("PORT", port)
    assert other.evaluate(ask.replace("PATH", "").replace("MODE", "cors")) == "refused"
    assert other.evaluate(FRAME.replace("PORT", port)) == "hidden"
    other.close()
    # In another profile, which has no cookie.
    context = served.browser.call("Target.createBrowserContext")["browserContextId"]
    stranger = Tab(served.browser, context)
    stranger.open(served.address.partition("?")[0])
    served.browser.until(
        lambda: "with the token" in stranger.evaluate("document.body.innerText"), "no refusal"
    )
    stranger.close()
    served.browser.call("Target.disposeBrowserContext", browserContextId=context)
    assert served.events == before
    assert served.sessions() == 1
    own = tab.evaluate(SOCKET.replace("PORT", port))
    assert own == "open", "from the served page itself it is open"
