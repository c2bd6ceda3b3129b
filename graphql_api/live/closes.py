"""Why sockets are closed from our side: the code, and the words that come with it."""

from enum import Enum

from starlette.types import Message


class Close(Enum):
    """A close code of graphql-transport-ws or of WebSocket itself, and its reason."""

    TOO_LARGE = 1009, "A message may have 64 KiB"
    BUSY = 1013, "Too much is asked at once: try again later"
    UNAUTHENTICATED = (
        4401,
        'UNAUTHENTICATED: sign in by connection_init: {"authorization": "Bearer TOKEN"}',
    )
    NO_BEARER = 4401, "UNAUTHENTICATED (no_bearer): `authorization` must be the text: Bearer TOKEN"
    NOT_FOUND = 4404, "No business lives at this address"
    TOO_MANY_MESSAGES = 4429, "Too many messages"
    TOO_MUCH_ASKED = 4429, "Too many sockets, streams and subscriptions were opened"
    TOO_MUCH_OPEN = 4429, "Too much is open from your address"
    TOO_MANY_SOCKETS = 4429, "Too many sockets: 20 of one person may be open"

    @property
    def code(self) -> int:
        """What programs decide by."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """What people read."""
        return self.value[1]

    def message(self) -> Message:
        """The close as the server takes it."""
        return {"type": "websocket.close", "code": self.code, "reason": self.reason}


class SocketRefusedError(Exception):
    """This socket is not served; it is closed with the code and the reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason

    @classmethod
    def by(cls, close: Close) -> "SocketRefusedError":
        """For a close with its own words."""
        return cls(close.code, close.reason)
