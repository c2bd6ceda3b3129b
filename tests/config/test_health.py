"""Health on the event loop: in time whatever hangs, and one look for all who ask."""

import asyncio
import json
import threading

import pytest
from starlette.types import Message

from config import health
from tenants import health as parts

LONG = 10


async def _asked(app: health.Health, path: str) -> tuple[int, dict[str, bool]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "path": path}, receive, send)
    found: dict[str, bool] = json.loads(sent[1]["body"])
    return sent[0]["status"], found


@pytest.mark.parametrize(
    ("hangs", "expected"),
    [
        ("parts_told", (503, {"ok": False, "in_time": False, "servers": True})),
        ("servers_told", (200, {"ok": True, "database": True, "servers": False})),
    ],
)
def test_what_hangs_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch, hangs: str, expected: tuple[int, dict[str, bool]]
) -> None:
    go, looks = threading.Event(), []

    def hang() -> dict[str, bool]:
        looks.append(1)
        assert go.wait(LONG)
        return {}

    monkeypatch.setattr(parts, "parts_told", lambda: {"ok": True, "database": True})
    monkeypatch.setattr(parts, "servers_told", lambda: {"servers": True})
    monkeypatch.setattr(parts, hangs, hang)
    monkeypatch.setattr(health, "PATIENCE", 0.2)

    async def play() -> None:
        app = health.Health()
        ready = [asyncio.create_task(_asked(app, "/readyz")) for _ in range(50)]
        assert await _asked(app, "/healthz") == (200, {"ok": True})
        assert list(await asyncio.gather(*ready)) == [expected] * 50

    try:
        asyncio.run(play())
    finally:
        go.set()
    assert looks == [1]
