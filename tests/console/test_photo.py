"""/photo/<key>.webp."""

import uuid
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from loyalty.base.values import Role
from loyalty.models import Product
from loyalty.programs.set_photo import set_photo
from tenants import context
from tests.console.conftest import NewBrowser
from tests.factories.people import as_staff
from tests.factories.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """The key of a photo of alpha's."""
    product = Product.objects.latest("id").pk
    found = set_photo(product, file=png("red", size=(900, 600)), actor=as_staff(Role.OWNER))
    return str(found)


@pytest.mark.parametrize(("end", "size"), [(".webp", (900, 600)), ("-small.webp", (256, 171))])
def test_anybody_who_knows_the_address(
    key: str, end: str, size: tuple[int, int], anybody: Client
) -> None:
    answer = anybody.get(f"/photo/{key}{end}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert Image.open(BytesIO(answer.content)).size == size


def test_head_says_the_same_without_the_file(key: str, anybody: Client) -> None:
    whole, head = anybody.get(f"/photo/{key}.webp"), anybody.head(f"/photo/{key}.webp")
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))
    assert anybody.post(f"/photo/{key}.webp").status_code == 405


def test_another_businesss_key_is_unknown(key: str, new_browser: NewBrowser) -> None:
    with context.business("beta"):
        set_photo(Product.objects.latest("id").pk, file=png("lime"), actor=as_staff(Role.OWNER))
    beta = new_browser(host="beta.localhost")
    for end in (".webp", "-small.webp"):
        theirs, nobodys = (beta.get(f"/photo/{k}{end}") for k in (key, uuid.uuid4()))
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.text == nobodys.text
        assert "Cache-Control" not in theirs


@pytest.mark.parametrize(
    "path", ["", "x", "1", "{key}", "{key}.png", "{key}.webp/", "../{key}.webp", "{key}-large.webp"]
)
def test_no_other_address(path: str, key: str, anybody: Client) -> None:
    assert anybody.get("/photo/" + path.format(key=key)).status_code == 404


def test_a_photo_that_was_removed_is_gone(key: str, anybody: Client) -> None:
    set_photo(Product.objects.latest("id").pk, file=None, actor=as_staff(Role.OWNER))
    assert anybody.get(f"/photo/{key}.webp").status_code == 404


def test_the_card_shows_what_waits(key: str, ann: Client, scanned: Callable[[], str]) -> None:
    for _ in range(4):
        ann.post(scanned())
    card = ann.post(scanned())["Location"]
    assert f'src="/photo/{key}-small.webp"' in ann.get(card).text
    assert ann.get(f"/photo/{key}-small.webp").status_code == 200


def test_the_platforms_own_host_has_none(key: str, new_browser: NewBrowser) -> None:
    assert new_browser(host="localhost").get(f"/photo/{key}.webp").status_code == 404
