"""A real Chromium, driven by its DevTools protocol over a pipe; its requests are recorded."""

from __future__ import annotations

import base64
import json
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyte
import pytest

PATIENCE = 120.0
"""Seconds: much longer than anything takes on a busy machine."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,700",
    "--remote-debugging-pipe",
)
KEYS = {
    "enter": ("Enter", 13, "\r", 0),
    "escape": ("Escape", 27, "", 0),
    "backspace": ("Backspace", 8, "", 0),
    "ctrl+u": ("u", 85, "", 2),
}
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[><=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9]+\$p")


def chromium() -> str:
    """The program; installed from Debian's packages where it is missing and that may be done."""
    for name in ("chromium", "chromium-browser"):
        if shutil.which(name):
            return name
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (("update",), ("install", "-y", "--no-install-recommends", "chromium")):
            subprocess.run(
                ["apt-get", "-q", *command], env=environment, capture_output=True, check=False
            )
        if shutil.which("chromium"):
            return "chromium"
    pytest.skip("there is no Chromium here, and it cannot be installed")


class Chromium:
    """The browser's process. Commands wait for their answers, and events are kept meanwhile."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        script = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self.process = subprocess.Popen(
            ["bash", "-c", script, "sh", chromium(), *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._ahead = b""
        self._number = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self.hear: dict[str, Callable[[str, dict[str, Any]], None]] = {}

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Do something, and wait for the answer."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        self.until(lambda: number in self._answers, f"no answer to {method}")
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer["error"])
        return dict(answer["result"])

    def until(self, holds: Callable[[], object], else_say: str | Callable[[], str]) -> None:
        """Take in what the browser tells until something holds."""
        late = time.monotonic() + PATIENCE
        while not holds():
            self._take(1.0)
            if time.monotonic() > late:
                raise AssertionError(else_say if isinstance(else_say, str) else else_say())

    def targets(self) -> set[str]:
        """The tabs, and what else it shows."""
        return {each["targetId"] for each in self.call("Target.getTargets")["targetInfos"]}

    def _take(self, seconds: float) -> None:
        if not select.select([self._read], [], [], seconds)[0]:
            return
        data = os.read(self._read, 1 << 20)
        assert data, "the browser has ended"
        *messages, self._ahead = (self._ahead + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            elif message.get("sessionId") in self.hear:
                self.hear[message["sessionId"]](message["method"], message["params"])

    def close(self) -> None:
        """End it, with all its processes."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        os.close(self._write)
        os.close(self._read)


class Tab:
    """One tab: what it requests, and what the terminal in it shows."""

    def __init__(self, browser: Chromium, context: str = "") -> None:
        self.browser = browser
        self.requests: list[str] = []
        self.sent: list[str] = []
        self.closed = 0
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        own = {"browserContextId": context} if context else {}
        self.target = browser.call("Target.createTarget", url="about:blank", **own)["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = str(attached["sessionId"])
        browser.hear[self.session] = self._hear
        for domain in ("Network", "Page", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Do something in this tab."""
        return self.browser.call(method, self.session, **parameters)

    def _hear(self, method: str, told: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(told["url"])
            case "Network.webSocketClosed":
                self.closed += 1
                # What this session showed would be taken for what the next one shows.
                self.screen.reset()
            case "Network.webSocketFrameSent":
                kind, *told_of = json.loads(told["response"]["payloadData"])
                if kind == "stdin":
                    self.sent.append(told_of[0])
                if kind == "resize":
                    self.screen.resize(told_of[0]["height"], told_of[0]["width"])
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                data = base64.b64decode(told["response"]["payloadData"])
                self.stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    @property
    def text(self) -> str:
        """The terminal's screen, as the browser was told it."""
        return "\n".join(self.screen.display)

    def see(self, words: str) -> str:
        """Wait until words stand on the screen."""
        self.browser.until(
            lambda: words in self.text, lambda: f"{words!r} is not on the screen:\n{self.text}"
        )
        return self.text

    def see_gone(self, words: str) -> None:
        """Wait until words stand on the screen no more."""
        self.browser.until(lambda: words not in self.text, lambda: f"{words!r}:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press keys, as a person at the keyboard does: nothing was clicked before."""
        for key in keys:
            # The codes of other characters than letters and digits would be those of other keys.
            own = ord(key.upper()) if len(key) == 1 and key.isalnum() else 0
            name, code, text, modifiers = KEYS.get(key, (key, own, key, 0))
            down = {"key": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
            self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **down)
            self.call("Input.dispatchKeyEvent", type="keyUp", **down)

    def type(self, text: str) -> None:
        """Type letters where they are seen."""
        self.press(*text)
        self.see(text)

    def picture(self, path: Path) -> Path:
        """A screenshot, PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))
        return path

    def close(self) -> None:
        """Close the tab, and wait until the browser has it no more."""
        self.browser.call("Target.closeTarget", targetId=self.target)
        self.browser.until(lambda: self.target not in self.browser.targets(), "it is still open")
        self.browser.hear.pop(self.session)
