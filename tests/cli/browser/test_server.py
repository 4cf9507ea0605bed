"""The served interface: nobody gets in without the token, under another name or from afar."""

from __future__ import annotations

import asyncio
import re
import shlex
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError

from studytui.cli.browser.server import SESSIONS, ClosedServer

TOKEN = "a-token-for-the-test"
UNTIL_TOLD = """
import sys
data = b" "
while data and b"quit" not in data:
    data = sys.stdin.buffer.read1(4096)
"""
ANSWER = shlex.join([sys.executable, "-c", UNTIL_TOLD])


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
async def server() -> AsyncIterator[ClosedServer]:
    others = set(psutil.Process().children())
    server = ClosedServer(ANSWER, host="localhost", port=free_port(), token=TOKEN)
    listening, ended = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(server.listen(listening.set, ended))
    await listening.wait()
    yield server
    ended.set()
    await serving
    assert server.sessions == 0
    assert set(psutil.Process().children()) <= others, "a session's process outlived it"


def client() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def status(server: ClosedServer, path: str, **headers: str) -> int:
    asked = f"{server.public_url}{path}"
    async with client() as session, session.get(asked, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/download/x", "/static/"])
@pytest.mark.parametrize("token", ["", "?token=", "?token=wrong"])
async def test_without_the_token_nothing_is_given(
    server: ClosedServer, path: str, token: str
) -> None:
    assert await status(server, path + token, Origin=server.public_url) == 403


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
async def test_another_host_or_origin_is_refused_even_with_the_token(
    server: ClosedServer, path: str
) -> None:
    asked = f"{path}?token={TOKEN}"
    assert await status(server, asked, Host="evil.example") == 403
    assert await status(server, asked, Host=f"evil.example:{server.port}") == 403
    for origin in ("http://evil.example", "null", f"http://localhost:{server.port + 1}"):
        assert await status(server, asked, Origin=origin) == 403


async def test_the_token_becomes_a_cookie_and_leaves_the_address(server: ClosedServer) -> None:
    async with client() as session:
        async with session.get(server.address) as answer:
            assert answer.status == 200
            assert "token" not in str(answer.url)
            page = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
        (cookie,) = session.cookie_jar
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        async with session.get(f"{server.public_url}/static/js/textual.js") as answer:
            assert answer.status == 200
    assert "<title>studytui</title>" in page
    assert TOKEN not in page
    assert "default-src 'none'" in policy


async def test_the_page_asks_no_other_host_for_anything(server: ClosedServer) -> None:
    async with client() as session:
        async with session.get(server.address) as answer:
            page = await answer.text()
        addresses = re.findall(r"(?:https?:|wss?:)?//[^\s\"')]+", page)
        assert addresses == [f"ws://localhost:{server.port}/ws"]
        for path in re.findall(r"(?:href|src)=\"(static/[^\"]+)\"|url\(\"(static[^\"]+)\"", page):
            async with session.get(f"{server.public_url}/{path[0] or path[1]}") as answer:
                assert answer.status == 200


async def connect(session: ClientSession, server: ClosedServer, **headers: str) -> Any:
    return await session.ws_connect(
        f"{server.public_url}/ws", headers={"Origin": server.public_url, **headers}
    )


async def test_a_socket_is_opened_by_our_own_page_only(server: ClosedServer) -> None:
    async with client() as session:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await connect(session, server)
        async with session.get(server.address):
            pass
        for origin in ("http://evil.example", "null"):
            with pytest.raises(WSServerHandshakeError, match="403"):
                await connect(session, server, Origin=origin)
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(f"{server.public_url}/ws")
        assert server.sessions == 0
        socket = await connect(session, server)
        assert server.sessions == 1
        await socket.close()


async def test_sessions_are_limited(server: ClosedServer) -> None:
    async with client() as session:
        async with session.get(server.address):
            pass
        sockets = [await connect(session, server) for _ in range(SESSIONS)]
        with pytest.raises(WSServerHandshakeError, match="403"):
            await connect(session, server)
        for socket in sockets:
            await socket.close()


def test_the_command_prints_the_address_and_ends(tmp_path: Path) -> None:
    async def look() -> str:
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "studytui",
            "serve",
            "--port",
            str(port),
            stdout=asyncio.subprocess.PIPE,
            env={"STUDYTUI_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        process.terminate()
        await process.wait()
        return line

    assert re.fullmatch(r"Open http://localhost:\d+/\?token=[\w-]{20,}\n", asyncio.run(look()))


def test_the_command_ends_quietly_with_a_tab_open(tmp_path: Path) -> None:
    """Its session's process has ended before the loop is closed: no traceback, nothing left."""
    environment = {"STUDYTUI_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "studytui", "serve", "--port", str(free_port())]

    async def end_while_open() -> tuple[int | None, str, list[psutil.Process]]:
        pipe = asyncio.subprocess.PIPE
        served = await asyncio.create_subprocess_exec(
            *command, stdout=pipe, stderr=pipe, env=environment
        )
        assert served.stdout is not None
        address = (await served.stdout.readline()).decode().split()[1]
        origin = address.partition("/?")[0]
        async with client() as session:
            async with session.get(address):
                pass
            async with session.ws_connect(f"{origin}/ws", headers={"Origin": origin}) as socket:
                await socket.receive_bytes()
                running = psutil.Process(served.pid).children(recursive=True)
                served.terminate()
                _, told = await served.communicate()
        return served.returncode, told.decode(), running

    code, told, running = asyncio.run(end_while_open())
    assert (code, told) == (0, "")
    assert running
    assert not [each for each in running if each.is_running()]
