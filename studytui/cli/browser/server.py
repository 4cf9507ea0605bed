"""Textual's server, closed to everybody but the browser that holds its token.

A web page that the reader has open elsewhere can send requests to this machine too: what it asks
for carries its own Origin; by a name that leads here it comes under another Host; and it does not
know the token. Each of the three is looked at, on every request and every socket.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.app_service import AppService
from textual_serve.server import Server

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SESSIONS = 8
"""Interfaces at once: each is a process with a prover and a warm server of its own."""
HEARTBEAT = 15
"""Seconds between two looks whether the tab is still there."""
UNTIL_KILLED = 20
"""Seconds that an interface may take to leave: it writes down where one was."""
MOST_DIGITS = 4
HERE = Path(__file__).parent
STYLE = (HERE / "page.css").read_text(encoding="utf-8")
SCRIPT = (HERE / "page.js").read_text(encoding="utf-8")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    return host in (*LOOPBACK, "::1") or host.startswith("127.")


class Session(AppService):  # type: ignore[misc]
    """One interface: a process behind a socket."""

    async def stop(self) -> None:
        """Ask it to leave, and wait until it has; one that does not is killed."""
        process = self._process
        task: asyncio.Task[None] | None = self._task  # type: ignore[has-type]
        if process is None or task is None:
            return
        self._task = None
        await self.send_meta({"type": "quit"})
        try:
            await asyncio.wait_for(process.wait(), UNTIL_KILLED)
        except TimeoutError:
            process.kill()
            await process.wait()
        # What it started may hold its output open: nobody waits for that.
        await asyncio.wait({task}, timeout=1)
        task.cancel()


class ClosedServer(Server):  # type: ignore[misc]
    """Answers only requests under a known name, from no foreign page, with the token."""

    def __init__(
        self, command: str, *, host: str, port: int, public_url: str = "", token: str = ""
    ) -> None:
        super().__init__(
            command,
            host=host,
            port=port,
            title="studytui",
            public_url=public_url or None,
            templates_path=HERE,
        )
        self.token = token or secrets.token_urlsafe(24)
        self.sessions = 0
        self._sockets: set[web.WebSocketResponse] = set()
        names = {host, *(LOOPBACK if is_loopback(host) or host in ("0.0.0.0", "::") else ())}
        self.hosts = {f"{name}:{port}" for name in names} | {urlsplit(self.public_url).netloc}
        self.cookie = f"studytui-{port}"

    @property
    def address(self) -> str:
        """What a browser opens, with the token."""
        return f"{self.public_url}/?token={self.token}"

    def initialize_logging(self) -> None:
        """No log of requests: an address holds the token."""

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before it listens."""

    def serve(self, debug: bool = False) -> None:
        """Serve until it is interrupted or terminated."""
        asyncio.run(self._until_signalled())

    async def _until_signalled(self) -> None:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, ended.set)
        await self.listen(lambda: print(f"Open {self.address}\nCtrl+C ends it.", flush=True), ended)

    async def listen(self, ready: Callable[[], None], ended: asyncio.Event) -> None:
        """Answer until it is ``ended``, and say when it is ``ready``; no session is left then."""
        runner = web.AppRunner(await self._make_app())
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            ready()
            await ended.wait()
        finally:
            # First the sessions, and all of each: a process that outlives the loop is told to
            # nobody, and its pipes complain of it when they are collected.
            for socket in tuple(self._sockets):
                await socket.close(code=WSCloseCode.GOING_AWAY)
            await runner.cleanup()

    async def _make_app(self) -> web.Application:
        app: web.Application = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def _guard(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            why = self.refusal(request)
            if why:
                raise web.HTTPForbidden(text=f"studytui: {why}\n", headers=HEADERS)
            if request.path == "/" and "token" in request.query:
                return self._let_in(request)
            response = await handler(request)
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return guard

    def refusal(self, request: web.Request) -> str:
        """Why a request is not answered; empty if it is."""
        if request.host not in self.hosts:
            return "this server is not called so"
        origin = request.headers.get("Origin")
        is_socket = request.path == "/ws"
        if origin is None and is_socket:
            return "a socket is opened by a page of this server only"
        if origin is not None and urlsplit(origin).netloc not in self.hosts:
            return "another page may not ask this server"
        given = (request.cookies.get(self.cookie, ""), request.query.get("token", ""))
        if not any(hmac.compare_digest(each.encode(), self.token.encode()) for each in given):
            return "open the address that it printed at its start, with the token"
        if is_socket and self.sessions >= SESSIONS:
            return f"there are {SESSIONS} sessions already"
        return ""

    def _let_in(self, request: web.Request) -> web.StreamResponse:
        """The token goes into a cookie, and out of the address and the history."""
        query = {name: value for name, value in request.query.items() if name != "token"}
        address = str(request.rel_url.with_query(query))
        response = web.Response(status=303, headers={"Location": address, **HEADERS})
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict", path="/")
        return response

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page: all it needs comes from here."""
        secure = urlsplit(self.public_url).scheme == "https"
        socket = f"{'wss' if secure else 'ws'}://{request.host}/ws"
        size = request.query.get("fontsize", "")
        nonce = secrets.token_urlsafe(12)
        page = (HERE / "page.html").read_text(encoding="utf-8")
        for name, value in {
            "SOCKET": socket,
            "FONTSIZE": size if size.isdecimal() and len(size) < 3 else "16",
            "NONCE": nonce,
            "STYLE": STYLE,
            "SCRIPT": SCRIPT,
        }.items():
            page = page.replace(f"@{name}@", value)
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; connect-src 'self' {socket};"
            " style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:;"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": policy}
        )

    async def handle_websocket(self, request: web.Request) -> Any:
        """A session, counted while it lasts; it has ended with its process."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        self.sessions += 1
        self._sockets.add(socket)
        try:
            await socket.prepare(request)
            session = Session(
                self.command,
                write_bytes=socket.send_bytes,
                write_str=socket.send_str,
                close=socket.close,
                download_manager=self.download_manager,
            )
            width, height = (_cells(request, side) for side in ("width", "height"))
            await session.start(width or 80, height or 24)
            try:
                await self._process_messages(socket, session)
            finally:
                await session.stop()
        finally:
            self._sockets.discard(socket)
            self.sessions -= 1
        return socket


def _cells(request: web.Request, side: str) -> int:
    """How wide or high the terminal in the page is; 0 where that is not told."""
    told = request.query.get(side, "")
    return int(told) if told.isdecimal() and len(told) <= MOST_DIGITS else 0
