"""Why sockets are closed from our side: the code, and the words that come with it."""

from enum import Enum

from starlette.types import Message

from graphql_api import technical


class Close(Enum):
    """A close code of graphql-transport-ws or of WebSocket itself, and its reason."""

    TOO_LARGE = 1009, technical.LONG_MESSAGE
    BUSY = 1013, technical.BUSY_SOCKET
    UNAUTHENTICATED = (
        4401,
        technical.SIGN_IN_ON_SOCKET,
    )
    NO_BEARER = 4401, technical.NO_BEARER_ON_SOCKET
    NOT_FOUND = 4404, technical.NO_BUSINESS
    TOO_MANY_MESSAGES = 4429, technical.MANY_MESSAGES
    TOO_MUCH_ASKED = 4429, technical.MANY_OPENED
    TOO_MUCH_OPEN = 4429, technical.MANY_FROM_ADDRESS
    TOO_MANY_SOCKETS = 4429, technical.MANY_SOCKETS

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
