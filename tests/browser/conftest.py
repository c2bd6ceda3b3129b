"""Chromium from CHROMIUM or PATH, and pages that are watched."""

import itertools
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.shop import Shop
from tests.browser.watch import Watched
from tests.harness.servers import Servers

NewPage = Callable[..., Watched]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own browser; as root it runs only without its sandbox."""
    paths = [os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES)]
    path = next((path for path in paths if path), None)
    assert path, "The browser tests need Chromium: install it, or set CHROMIUM to its path."
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": options}


@pytest.fixture
def shop(servers: Servers) -> Shop:
    """Alpha, whose plan has the API."""
    return Shop(servers.web[0])


@pytest.fixture
def new_page(browser: Browser) -> NewPage:
    """Makes a watched page in a browser of its own: a phone, unless said otherwise."""

    def make(**options: Any) -> Watched:
        chosen = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", **options}
        return Watched(browser.new_context(**chosen).new_page())

    return make


@pytest.fixture
def stranger() -> str:
    """An address that nobody has used."""
    return f"eve{next(_numbers)}-{os.getpid()}@example.org"
