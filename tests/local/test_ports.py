"""A port that is taken is noticed before anything is started."""

import socket
import threading

import pytest

from local import ports
from local.errors import LocalError


def test_without_a_wish_it_is_8000(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert ports.chosen() == 8000
    monkeypatch.setenv("PORT", "")
    assert ports.chosen() == 8000


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "8000.0", "²", " "])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LocalError, match="PORT must be a number from 1 to 65535"):
        ports.chosen()


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_port_in_use_is_named(family: socket.AddressFamily, address: str) -> None:
    with socket.create_server((address, 0), family=family) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(LocalError, match=f"Port {port} is in use"):
            ports.ensure_free(port)
    ports.ensure_free(port)


def test_patience_outlasts_a_port_that_is_just_being_freed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        freed = threading.Timer(0.2, taken.close)
        freed.start()
        ports.ensure_free(int(taken.getsockname()[1]), patience=5.0)
        freed.join()
