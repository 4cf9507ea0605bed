"""The served interface in a real Chromium: worked by keys alone, and closed to everybody else."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from studytui.store.events import Derived, Event, Review, SnippetRun
from studytui.store.journal import Journal
from tests.cli.browser.chromium import PATIENCE, Chromium, Tab
from tests.cli.plain_pack import write_pack

ROOT = Path(__file__).parents[3]
HERE = ("localhost", "127.0.0.1")
pytestmark = pytest.mark.xdist_group("chromium")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose library is indexed already."""
    home = write_pack(tmp_path_factory.mktemp("prepared"), new_from="begun")
    command = [sys.executable, "-m", "studytui", "search", "drawing"]
    subprocess.run(
        command,
        env=at_home(home),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=True,
    )
    return home


def at_home(home: Path) -> dict[str, str]:
    return {**os.environ, "STUDYTUI_HOME": str(home), "EDITOR": "false"}


@dataclass
class Served:
    """``studytui serve`` with a home of its own, and a tab in which it was opened."""

    home: Path
    address: str
    tab: Tab
    process: subprocess.Popen[str]

    @property
    def events(self) -> list[Event]:
        with Journal.open(self.home / "data" / "journal.db") as journal:
            return list(journal.events())

    def of_kind(self, kind: type) -> list[object]:
        return [event.body for event in self.events if isinstance(event.body, kind)]

    def until_kept(self, kind: type) -> object:
        """Wait until the journal has something of a kind; the last of them."""
        self.tab.browser.until(lambda: self.of_kind(kind), f"no {kind.__name__} was kept")
        return self.of_kind(kind)[-1]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path, prepared: Path, browser: Chromium) -> Iterator[Served]:
    home = tmp_path / "home"
    for part in ("cache", "config"):
        shutil.copytree(prepared / part, home / part)
    process = subprocess.Popen(
        [sys.executable, "-m", "studytui", "serve", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=at_home(home),
    )
    assert process.stdout is not None
    address = process.stdout.readline().split()[1]
    tab = Tab(browser)
    tab.open(address)
    yield Served(home, address, tab, process)
    tab.close()
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert {urlsplit(each).hostname for each in tab.requests} <= {*HERE, None}, tab.requests


def open_article(tab: Tab) -> None:
    """From the first start to the article of the pack, by keys."""
    tab.see("esc Home")
    tab.press("escape")
    tab.see_gone("esc Home")
    tab.see("Adam and AdamW")
    tab.press("/")
    tab.see("title or track")
    tab.type("lines, and")
    tab.see_gone("Adam and AdamW")
    tab.press("enter")
    tab.see("⏎ Read")
    tab.press("enter")
    tab.see("Words of a drawing, a/b:")


def to_block(tab: Tab, number: int, words: str) -> None:
    """To what can be done in the article: the first, the second …, until its keys are told."""
    tab.press(*["}"] * number)
    tab.see(words)


def test_an_article_is_read_by_keys_without_a_click(served: Served, tmp_path: Path) -> None:
    tab = served.tab
    open_article(tab)
    assert "─────" in tab.text, "the fraction is set in two dimensions"
    assert tab.evaluate("document.title") == "studytui"
    assert "token" not in tab.evaluate("location.href")
    assert tab.evaluate("document.cookie") == "", "scripts do not see the token"
    tab.press("G")
    tab.see("The end.")
    assert tab.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
    with Image.open(tab.picture(tmp_path / "page.png")) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24) or []
        assert len(colours) > 50, "something was drawn"


def test_a_snippet_runs_with_a_chart(served: Served) -> None:
    tab = served.tab
    open_article(tab)
    to_block(tab, 1, "Parameters")
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


def test_a_derivation_is_worked(served: Served) -> None:
    tab = served.tab
    open_article(tab)
    to_block(tab, 2, "Work")
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


def test_a_card_is_reviewed(served: Served) -> None:
    tab = served.tab
    open_article(tab)
    tab.press("q")
    tab.see("P plan")
    tab.press("r")
    tab.see("What is √4?")
    tab.press("enter")
    tab.see("2 │ two")
    tab.press("3")
    review = served.until_kept(Review)
    assert isinstance(review, Review)
    assert (review.card, int(review.grade)) == ("line-card", 3)


def test_e_edits_in_place(served: Served) -> None:
    """No editor can be opened upon a browser: the file is written where it is seen."""
    tab = served.tab
    open_article(tab)
    to_block(tab, 1, "Parameters")
    tab.press("e")
    tab.see("esc Done")
    tab.type("# mine ")
    copy = served.home / "data" / "edits" / "lines" / "lines" / "drawing.py"
    tab.browser.until(lambda: "# mine " in copy.read_text(), "it was not saved")
    tab.press("escape")
    tab.see("your copy")


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


def test_a_foreign_page_cannot_connect(served: Served, foreign: str) -> None:
    """Not even from the browser that has the cookie, and from the same site."""
    open_article(served.tab)
    before = served.events
    port = str(urlsplit(served.address).port)
    other = Tab(served.tab.browser)
    other.open(foreign)
    served.tab.browser.until(lambda: other.evaluate("document.title") == "foreign", "no page")
    assert other.evaluate(SOCKET.replace("PORT", port)) == "refused"
    ask = FETCH.replace("PORT", port)
    assert other.evaluate(ask.replace("PATH", "").replace("MODE", "cors")) == "refused"
    assert other.evaluate(FRAME.replace("PORT", port)) == "hidden"
    other.close()
    assert served.events == before
    assert sessions(served) == 1
    own = served.tab.evaluate(SOCKET.replace("PORT", port))
    assert own == "open", "from the served page itself it is open"


def sessions(served: Served) -> int:
    """Interfaces that run under the server."""
    import psutil

    children = psutil.Process(served.process.pid).children(recursive=True)
    return sum("serve" not in each.cmdline() and "studytui" in each.cmdline() for each in children)


def test_without_the_token_there_is_only_a_refusal(served: Served, browser: Chromium) -> None:
    """In another profile, which has no cookie."""
    context = browser.call("Target.createBrowserContext")["browserContextId"]
    stranger = Tab(browser, context)
    stranger.open(served.address.partition("?")[0])
    browser.until(lambda: "with the token" in stranger.evaluate("document.body.innerText"), "no")
    stranger.close()
    browser.call("Target.disposeBrowserContext", browserContextId=context)


def test_the_end_of_a_session_is_told_and_another_can_begin(served: Served) -> None:
    tab = served.tab
    tab.see("esc Home")
    tab.press("escape")
    tab.see_gone("esc Home")
    tab.press("q")
    tab.browser.until(lambda: tab.closed, "the session did not end")
    shown = "getComputedStyle(document.querySelector('.closed')).display"
    tab.browser.until(lambda: tab.evaluate(shown) == "flex", "the end is not told")
    tab.evaluate("document.getElementById('again').click()")
    tab.see("esc Home")
    tab.browser.until(lambda: sessions(served) == 1, "the first one still runs")
