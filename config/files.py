"""Static files, sent by the event loop and the server itself: no thread waits for a reader."""

from http import HTTPStatus
from typing import Any

from starlette.types import Message, Receive, Scope, Send
from whitenoise.middleware import WhiteNoiseMiddleware

from config.bodies import closing

_PART = 64 * 1024
_ASKED = ("accept-encoding", "if-modified-since", "if-none-match", "range")


class StaticFiles:
    """What WhiteNoise knows of the files: types, ages, marks, parts and compressed variants."""

    def __init__(self) -> None:
        self._files: dict[str, Any] = WhiteNoiseMiddleware().files

    def has(self, path: str) -> bool:
        """True where a file lives."""
        return path in self._files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's signature
        """Answer with the file, or with what its caller has of it already."""
        headers = dict(scope["headers"])
        asked = {
            f"HTTP_{name.upper().replace('-', '_')}": headers[name.encode()].decode("latin1")
            for name in _ASKED
            if name.encode() in headers
        }
        found = self._files[scope["path"]].get_response(scope["method"], asked)
        if found.status == HTTPStatus.METHOD_NOT_ALLOWED:
            send = closing(send)
        await send(_start(found.status, found.headers))
        if found.file is None:
            await send({"type": "http.response.body", "body": b""})
            return
        with found.file as file:
            if found.status == HTTPStatus.OK and "http.response.pathsend" in scope["extensions"]:
                await send({"type": "http.response.pathsend", "path": str(file.name)})
                return
            # A part of a file: no more of it is in memory than its reader is about to take.
            while part := file.read(_PART):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def _start(status: HTTPStatus, headers: list[tuple[str, str]]) -> Message:
    sent = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
    return {"type": "http.response.start", "status": int(status), "headers": sent}
