"""The one port of the demo."""

import errno
import os
import socket
import time

from local.errors import LocalError

_LARGEST = 65_535


def chosen() -> int:
    """PORT, or 8000."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) <= _LARGEST:
        raise LocalError(f"PORT must be a number from 1 to {_LARGEST}, not {text!r}.")
    return int(text)


def ensure_free(port: int, patience: float = 0.0) -> None:
    """Raise unless we can listen on the port, at the latest after so many seconds."""
    deadline = time.monotonic() + patience
    while problem := _problem(port):
        if time.monotonic() >= deadline:
            raise LocalError(problem)
        time.sleep(0.1)


def _problem(port: int) -> str:
    # Browsers try ::1 first for *.localhost: another server there would get our visitors.
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            _try(family, address, port)
        except OSError as error:
            if sentence := _sentence(error, port):
                return sentence
    return ""


def _try(family: socket.AddressFamily, address: str, port: int) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # Connections that just ended do not count as use.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()


def _sentence(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < _LARGEST else 8000
        return (
            f"Port {port} is in use by another program: stop that one, "
            f"or choose another port: PORT={other} make demo"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights: choose one above 1023 with PORT=…"
    # A machine without IPv6, for instance.
    return ""
