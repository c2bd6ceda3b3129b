"""/products and /products/photo."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loyalty.base.values import Role
from loyalty.models import Product, ProductPhoto, Program
from loyalty.photos import MOST_BYTES
from loyalty.programs.set_photo import set_photo
from tenants import context, hosts
from tenants.models import Business
from tests.console.conftest import NewBrowser
from tests.factories import people
from tests.factories.people import as_staff
from tests.factories.pictures import png, png_header

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(new_browser: NewBrowser) -> Client:
    """A manager's browser."""
    return new_browser(token=people.staff(Role.MANAGER).token)


@pytest.fixture
def product() -> Product:
    """The product of alpha's program."""
    return Product.objects.get()


def form(data: bytes, name: str = "cake.png") -> dict[str, object]:
    return {"photo": SimpleUploadedFile(name, data, "image/png")}


def address(product: Product) -> str:
    return f"/products/photo?product={product.pk}"


def everything() -> list[object]:
    return [*Product.objects.order_by("id").values_list(), *ProductPhoto.objects.values_list()]


def test_a_manager_saves_and_removes_a_photo(manager: Client, product: Product) -> None:
    answer = manager.post(address(product), form(png()))
    assert answer.status_code == 303
    assert answer["Location"] == f"/products?saved={product.pk}#product-{product.pk}"
    page = manager.get(answer["Location"]).text
    assert "The photo was saved." in page
    (source,) = re.findall(r'src="(/photo/[^"]+)"', page)
    assert manager.get(source)["Content-Type"] == "image/webp"
    answer = manager.post(address(product), {"remove": "1"})
    assert answer.status_code == 303
    page = manager.get(answer["Location"]).text
    assert "The photo was removed." in page
    assert "/photo/" not in page.replace("/products/photo", "")
    assert not ProductPhoto.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (png_header(50_000, 50_000), 422, "more than 40 megapixels"),
        (b"<svg/>", 422, "no picture that we can read"),
        (b"", 422, "no picture that we can read"),
        (png() + b"\0" * MOST_BYTES, 413, "larger than 5 MB"),
        (png() + b"\0" * 6_000_000, 413, "larger than 5 MB"),
    ],
    ids=["bomb", "svg", "nothing", "a byte too many", "6 MB"],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    data: bytes, status: int, said: str, manager: Client, product: Product
) -> None:
    set_photo(product.pk, file=png(), actor=as_staff(Role.OWNER))
    before = everything()
    answer = manager.post(address(product), form(data))
    assert answer.status_code == status
    assert said in answer.text
    assert "The photo is as it was." in answer.text
    assert answer.text.count('id="refusal"') == 1
    assert everything() == before


def test_five_mebibytes_pass(manager: Client, product: Product) -> None:
    data = png() + b"\0" * (MOST_BYTES - len(png()))
    assert manager.post(address(product), form(data)).status_code == 303
    assert ProductPhoto.objects.count() == 1


def test_a_form_without_a_file(manager: Client, product: Product) -> None:
    for sent in ({}, {"photo": "a text"}):
        answer = manager.post(address(product), sent)
        assert answer.status_code == 422
        assert "Choose a file first." in answer.text


@pytest.mark.parametrize("asked", ["", "?product=", "?product=x", "?product=-1", "?product=99999"])
def test_no_such_product(asked: str, manager: Client) -> None:
    before = everything()
    assert manager.post(f"/products/photo{asked}", form(png())).status_code == 404
    answer = manager.post(f"/products/photo{asked}", form(b"x" * 6_000_000))
    assert answer.status_code == 413
    assert answer.text.count('id="refusal"') == 1
    assert everything() == before


def test_beta_cannot_touch_alphas_product(new_browser: NewBrowser) -> None:
    cake = Product.objects.create(program=Program.objects.get(), name="Cake")
    set_photo(cake.pk, file=png(), actor=as_staff(Role.OWNER))
    before = everything()
    with context.business("beta"):
        token = people.staff(Role.MANAGER).token
    beta = new_browser(token=token, host="beta.localhost")
    for sent in (form(png("blue")), {"remove": "1"}):
        assert beta.post(address(cake), sent).status_code == 404
    assert "Cake" not in beta.get("/products").text
    at_alpha = new_browser(token=token)
    assert at_alpha.post(address(cake), form(png("blue")))["Location"].startswith("/sign-in")
    assert everything() == before


def test_staff_and_customers_may_not(staff: Client, ann: Client, product: Product) -> None:
    before = everything()
    for browser in (staff, ann):
        assert browser.get("/products").status_code == 403
        for sent in (form(png()), {"remove": "1"}, form(b"x" * 6_000_000)):
            assert browser.post(address(product), sent).status_code == 403
    assert everything() == before


def test_strangers_are_sent_to_sign_in(anybody: Client, product: Product) -> None:
    before = everything()
    assert anybody.get("/products")["Location"] == "/sign-in?next=/products"
    assert anybody.post(address(product), form(png()))["Location"] == "/sign-in?next=/products"
    assert everything() == before


def test_a_form_without_its_token_is_refused(new_browser: NewBrowser, product: Product) -> None:
    before = everything()
    browser = new_browser(token=people.staff(Role.OWNER).token, strict=True)
    for sent in (form(png()), {"remove": "1"}):
        assert browser.post(address(product), sent).status_code == 403
    page = browser.get("/products").text
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    right = {"csrfmiddlewaretoken": found[1]}
    elsewhere = {"origin": "http://evil.example", "sec-fetch-site": "cross-site"}
    answer = browser.post(address(product), {**form(png()), **right}, headers=elsewhere)
    assert answer.status_code == 403
    assert everything() == before
    assert browser.post(address(product), {**form(png()), **right}).status_code == 303


def test_a_stopped_business_saves_nothing(manager: Client, product: Product) -> None:
    Business.objects.filter(schema_name="alpha").update(is_suspended=True)
    hosts.forget()
    before = everything()
    assert manager.post(address(product), form(png())).status_code == 403
    assert everything() == before


def test_no_other_page_takes_a_file(anybody: Client, tmp_path: Path) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == []
    sent = {"email": "owner@alpha.example", "password": people.PASSWORD, **form(b"x" * 6_000_000)}
    answer = anybody.post("/sign-in", sent)
    assert answer.status_code == 303
    assert not answer.wsgi_request.FILES
    assert list(tmp_path.iterdir()) == []


def test_a_list_costs_as_much_as_one(manager: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert manager.get("/products").status_code == 200
        return len(sent)

    owner, program = as_staff(Role.OWNER), Program.objects.get()
    # The first asks for the host too, which is remembered for half a minute.
    _, one = asked(), asked()
    for number in range(8):
        made = Product.objects.create(program=program, name=f"Cake {number}")
        set_photo(made.pk, file=png(size=(8 + number, 8)), actor=owner)
    _, many = asked(), asked()
    assert many == one


def test_archived_things_are_not_listed(manager: Client, product: Product) -> None:
    assert product.name in manager.get("/products").text
    Product.objects.update(is_archived=True)
    assert "There are no products yet." in manager.get("/products").text
    Product.objects.update(is_archived=False)
    Program.objects.update(status="archived")
    assert "There are no products yet." in manager.get("/products").text


def test_managers_find_the_page(manager: Client, staff: Client) -> None:
    assert 'href="/products"' in manager.get("/staff").text
    assert 'href="/products"' not in staff.get("/staff").text
