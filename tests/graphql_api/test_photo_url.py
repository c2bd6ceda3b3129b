"""`Product.photoUrl`, and how large a photo's body may be over a real line."""

import json
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from loyalty.base.values import Role
from loyalty.models import Location, Preset, Product, Program
from loyalty.programs.set_photo import set_photo
from tests.factories import people
from tests.factories.people import as_staff
from tests.factories.pictures import png
from tests.harness import databases
from tests.harness.servers import Servers
from tests.harness.wire import Wire

_PRESETS = "{ presets(first: 50) { edges { node { product { name photoUrl } } } } }"
_FIVE_MEBIBYTES = 5 * 1024 * 1024


@pytest.fixture(autouse=True)
def collected_files(settings: Settings, tmp_path: Path) -> None:
    """Nobody has collected static files here, and WhiteNoise would warn about it."""
    settings.STATIC_ROOT = tmp_path


def _panel() -> list[dict[str, str | None]]:
    browser = Client(headers={"host": "alpha.localhost"})
    headers = {"authorization": f"Bearer {people.staff().token}"}
    answer = browser.post(
        "/graphql", {"query": _PRESETS}, content_type="application/json", headers=headers
    )
    edges = json.loads(answer.content)["data"]["presets"]["edges"]
    return [edge["node"]["product"] for edge in edges if edge["node"]["product"]]


def _button(name: str, file: bytes | None) -> str | None:
    program = Program.objects.get()
    made = Product.objects.create(program=program, name=name)
    key = set_photo(made.pk, file=file, actor=as_staff(Role.OWNER))
    Preset.objects.create(program=program, location=Location.objects.get(), name=name, product=made)
    return f"http://alpha.localhost/photo/{key}.webp" if key else None


@pytest.mark.django_db
def test_the_address_of_a_photo_or_null() -> None:
    wanted = {"Cake": _button("Cake", png()), "Tart": _button("Tart", None)}
    assert {each["name"]: each["photoUrl"] for each in _panel()} == wanted
    assert wanted["Tart"] is None


@pytest.mark.django_db
def test_a_list_costs_as_much_as_one() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as sent:
            _panel()
        return len(sent)

    _button("Cake", png())
    # The first asks for the host too.
    _, one = asked(), asked()
    for number in range(10):
        _button(f"Cake {number}", png(size=(8 + number, 8)))
    assert asked() == one


@pytest.fixture
def owner(servers: Servers) -> str:
    """An owner's token on the servers."""
    with databases.connected_to(servers.database_name):
        return people.staff(Role.OWNER).token


def _upload(alpha: Wire, owner: str, size: int) -> httpx.Response:
    """What a browser sends after it has read the form: a photo of so many bytes."""
    host = f"alpha.localhost:{alpha.server.port}"
    headers = {"Host": host, "Accept": "text/html", "Accept-Language": "en"}
    address = f"http://{alpha.server.address}/products"
    with httpx.Client(headers=headers, cookies={"plusone": owner}, timeout=30) as browser:
        page = browser.get(address)
        form = {"csrfmiddlewaretoken": browser.cookies["csrf"]}
        number = page.text.partition('id="product-')[2].partition('"')[0]
        files = {"photo": ("cake.png", png() + b"\0" * (size - len(png())), "image/png")}
        return browser.post(f"{address}/photo?product={number}", data=form, files=files)


@pytest.mark.xdist_group("servers")
def test_five_mebibytes_pass_and_more_is_refused_in_words(alpha: Wire, owner: str) -> None:
    assert _upload(alpha, owner, _FIVE_MEBIBYTES).status_code == 303
    for size in (_FIVE_MEBIBYTES + 1, 6_000_000, 20_000_000):
        answer = _upload(alpha, owner, size)
        assert answer.status_code == 413
        assert "larger than 5 MB" in answer.text


@pytest.mark.xdist_group("servers")
def test_a_body_without_a_length_is_counted_too(alpha: Wire, owner: str) -> None:
    lines = iter([b"x" * 1_000_000] * 7)
    address = f"http://{alpha.server.address}/products/photo"
    headers = {"Host": "alpha.localhost", "Cookie": f"plusone={owner}"}
    answer = httpx.post(address, content=lines, headers=headers, timeout=30)
    assert answer.status_code == 413
    assert answer.text == "The body is too large."


@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize("path", ["/products", "/products/photo/", "/sign-in", "/photo", "/"])
def test_no_other_address_takes_as_much(alpha: Wire, path: str) -> None:
    assert alpha.send(b"x" * 300_000, path=path, kind="multipart/form-data").status == 413


@pytest.mark.xdist_group("servers")
def test_a_photo_over_a_real_line(alpha: Wire, owner: str) -> None:
    _upload(alpha, owner, 100_000)
    headers = {"Host": "alpha.localhost", "Cookie": f"plusone={owner}"}
    address = f"http://{alpha.server.address}"
    page = httpx.get(f"{address}/products", headers=headers).text
    path = page.partition('src="/photo/')[2].partition('"')[0]
    found = httpx.get(f"{address}/photo/{path}", headers=headers)
    assert (found.status_code, found.headers["content-type"]) == (200, "image/webp")
    assert found.headers["x-content-type-options"] == "nosniff"
    head = httpx.head(f"{address}/photo/{path}", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    elsewhere = httpx.get(f"{address}/photo/{path}", headers={"Host": "beta.localhost"})
    assert elsewhere.status_code == 404
