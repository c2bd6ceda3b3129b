"""Browsers of alpha's host, without a browser: Django's test client, following nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from loyalty.base import tokens
from loyalty.base.values import Role
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import SignInLink
from tests.factories import people
from tests.factories.people import as_staff, place

NewBrowser = Callable[..., Client]


@pytest.fixture(autouse=True)
def collected_files(settings: Settings, tmp_path: Path) -> None:
    """Nobody has collected static files here, and WhiteNoise would warn about it."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def new_browser() -> NewBrowser:
    """Makes browsers; `token` signs one in."""

    def make(
        *, token: str | None = None, host: str = "alpha.localhost", strict: bool = False
    ) -> Client:
        browser = Client(
            enforce_csrf_checks=strict,
            headers={"host": host, "accept": "text/html", "accept-language": "en"},
        )
        if token:
            browser.cookies[settings.PERSON_COOKIE] = token
        return browser

    return make


@pytest.fixture
def anybody(new_browser: NewBrowser) -> Client:
    """A browser in which nobody is signed in."""
    return new_browser()


@pytest.fixture
def ann(new_browser: NewBrowser) -> Client:
    """A customer's browser."""
    return new_browser(token=people.customer("ann@alpha.example").token)


@pytest.fixture
def bob(new_browser: NewBrowser) -> Client:
    """Another customer's browser."""
    return new_browser(token=people.customer("bob@alpha.example").token)


@pytest.fixture
def staff(new_browser: NewBrowser) -> Client:
    """A staff member's browser."""
    return new_browser(token=people.staff(Role.STAFF).token)


@pytest.fixture
def scanned() -> Callable[[], str]:
    """Mints a session; the path that its QR code leads to."""

    def mint_one() -> str:
        where = place()
        wanted = SaleInput(where.program_id, where.location_id, where.preset_id)
        return f"/c/{mint(wanted, actor=as_staff(), token_key=settings.TOKEN_KEY).token}"

    return mint_one


@pytest.fixture
def mailed() -> Callable[[str], tuple[str, str]]:
    """The path and the code of the newest mail to an address."""

    def newest(email: str) -> tuple[str, str]:
        salt = bytes(SignInLink.objects.filter(email=email).latest("id").salt)
        token = tokens.derive(settings.TOKEN_KEY, salt, purpose="link")
        return f"/l/{token}", tokens.derive_code(settings.TOKEN_KEY, salt)

    return newest
