"""`python -m local.bench.followers PORT`: sockets that follow cards; a process of its own.

Reads [[token, card id], …] from the first line of its input, says "ready" when each has its card,
and at the end of the input how many changes were heard.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import ClientConnection, connect

_HOST = "bench.localhost"
_FOLLOW = "subscription Follow($id: ID!) { cardChanged(cardId: $id) { id version points } }"


class _Heard:
    """The changes heard on all sockets."""

    count = 0


async def _subscribe(line: ClientConnection, card: str) -> None:
    await line.send(json.dumps({"type": "connection_init"}))
    await _next(line, "connection_ack")
    payload = {"query": _FOLLOW, "variables": {"id": card}}
    await line.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
    await _next(line, "next")


async def _next(line: ClientConnection, wanted: str) -> None:
    found = json.loads(await line.recv())
    if found["type"] != wanted or "errors" in found.get("payload", {}):
        raise RuntimeError(f"The socket said: {found}")


async def _listen(line: ClientConnection, heard: _Heard) -> None:
    async for _ in line:
        heard.count += 1


async def _open(port: int, token: str) -> ClientConnection:
    return await connect(
        f"ws://{_HOST}:{port}/graphql/ws",
        host="127.0.0.1",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]  # a NewType of str
        additional_headers={"Authorization": f"Bearer {token}"},
    )


async def main(port: int) -> None:
    """Follow until the input ends."""
    heard = _Heard()
    async with asyncio.TaskGroup() as group:
        tasks = []
        for token, card in json.loads(sys.stdin.readline()):
            line = await _open(port, token)
            await _subscribe(line, card)
            tasks.append(group.create_task(_listen(line, heard)))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
    print(heard.count, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
