"""The one port of the demo."""

import errno
import os
import socket

from local.errors import LocalError

_LARGEST = 65_535


def chosen() -> int:
    """PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) <= _LARGEST:
        raise LocalError(f"PORT must be a number from 1 to {_LARGEST}, not {text!r}.")
    return int(text)


def ensure_free(port: int) -> None:
    """Raise unless we can listen on the port."""
    # Browsers try ::1 first for *.localhost: another server there would get our visitors.
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            _try(family, address, port)
        except OSError as error:
            _judge(error, port)


def _try(family: socket.AddressFamily, address: str, port: int) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # Connections that just ended do not count as use.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()


def _judge(error: OSError, port: int) -> None:
    if error.errno == errno.EADDRINUSE:
        raise LocalError(
            f"Port {port} is in use by another program: stop that one, "
            f"or choose another port: PORT={port + 1 if port < _LARGEST else 8000} make demo"
        )
    if error.errno == errno.EACCES:
        raise LocalError(f"Port {port} needs more rights: choose one above 1023 with PORT=…")
