"""A manager gives products photos, on a phone and at a desk, with and without script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from loyalty.models import Product, Program
from tenants import context
from tests.browser.conftest import NewPage
from tests.browser.shop import Shop
from tests.browser.watch import Watched
from tests.factories.people import PASSWORD
from tests.factories.pictures import file_of, png
from tests.harness import databases
from tests.harness.servers import Servers
from tests.harness.threads import in_thread

pytestmark = [pytest.mark.xdist_group("servers")]
_DESK = {"width": 1280, "height": 800}
_LONG = "Kuchen mit Schlagsahne und Zwetschgen nach dem Rezept der Großmutter " * 2
_ARABIC = "كعكة الجزر بالقرفة والجوز مع كريمة الجبن"


_NAMES = [_ARABIC, _LONG[:120], "x" * 120, *(f"Cake {n}" for n in range(97))]


@pytest.fixture
def hundred(servers: Servers) -> Iterator[None]:
    """A hundred products more, some with long names, one from right to left."""

    def inside(work: Callable[[], object]) -> None:
        # On a thread of its own: the browser's driver keeps an event loop running in this one.
        def run() -> None:
            with context.business("alpha"), databases.connected_to(servers.database_name):
                work()

        in_thread(run)

    inside(_make)
    yield
    inside(lambda: Product.objects.filter(name__in=_NAMES).update(is_archived=True))


def _make() -> None:
    program = Program.objects.get()
    Product.objects.bulk_create(Product(program=program, name=name) for name in _NAMES)


def signed_in(shop: Shop, seen: Watched) -> Watched:
    """The list of products, in a manager's browser."""
    seen.page.goto(f"{shop.site}/products")
    seen.page.locator("[name=email]").fill("manager@alpha.example")
    seen.page.locator("[name=password]").fill(PASSWORD)
    seen.page.locator("main button").click()
    seen.page.wait_for_url(f"{shop.site}/products")
    return seen


def send(seen: Watched, file: Path, *, number: int = 0) -> None:
    """Choose a file for one product and save it."""
    row = seen.page.locator(".product").nth(number)
    row.locator("input[type=file]").set_input_files(file)
    row.get_by_role("button", name="Save photo").click()


def cake(folder: Path, data: bytes) -> Path:
    """A file of this, to choose."""
    (folder / "cake.png").write_bytes(data)
    return folder / "cake.png"


@pytest.mark.parametrize("script", [True, False])
def test_a_photo_comes_and_goes(
    shop: Shop, new_page: NewPage, tmp_path: Path, *, script: bool
) -> None:
    # Without script nothing can be watched from inside the page.
    seen = signed_in(shop, new_page(java_script_enabled=script))
    send(seen, cake(tmp_path, file_of(Image.effect_noise((1200, 900), 90))))
    seen.page.get_by_text("The photo was saved.").wait_for()
    assert seen.page.locator("img.thumb").count() == 1
    if script:
        shown = "() => document.querySelector('img.thumb').naturalWidth"
        assert seen.page.evaluate(shown) == 256
        seen.is_well()
    seen.page.get_by_role("button", name="Remove").click()
    seen.page.get_by_text("The photo was removed.").wait_for()
    assert seen.page.locator("img.thumb").count() == 0
    assert seen.problems == []


@pytest.mark.parametrize("size", [6_000_000, 30_000_000])
def test_too_large_a_file_is_refused_in_words(
    shop: Shop, new_page: NewPage, tmp_path: Path, size: int
) -> None:
    seen = signed_in(shop, new_page())
    send(seen, cake(tmp_path, png() + b"\0" * size))
    alert = seen.page.get_by_role("alert")
    alert.wait_for()
    assert "larger than 5 MB" in alert.inner_text()
    seen.is_well()


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("viewport", [_DESK, {"width": 320, "height": 700}])
def test_a_hundred_products(
    hundred: None, shop: Shop, new_page: NewPage, locale: str, viewport: dict[str, int]
) -> None:
    del hundred
    seen = signed_in(shop, new_page(viewport=viewport, locale=locale))
    assert seen.page.locator(".product").count() == 101
    seen.is_well()


def test_a_refusal_far_down_is_seen(hundred: None, shop: Shop, new_page: NewPage) -> None:
    del hundred
    seen = signed_in(shop, new_page())
    row = seen.page.locator(".product").nth(90)
    file = {"name": "cake.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    row.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # the same
    row.locator("button").first.click()
    alert = row.get_by_role("alert")
    alert.wait_for()
    assert "no picture that we can read" in alert.inner_text()
    row.locator("input[type=file]:focus").wait_for()
    box = alert.bounding_box()
    assert box
    assert 0 <= box["y"] < 844
