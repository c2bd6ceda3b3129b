"""A product's photo: set, shared, replaced, removed, and by whom."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from loyalty.base.access import NotAllowed
from loyalty.base.errors import NotFound, PhotoUnusable
from loyalty.base.values import Actor, Anonymous, Role
from loyalty.models import Product, ProductPhoto
from loyalty.programs.set_photo import set_photo
from tenants import context
from tests.factories.people import as_customer, as_staff, place
from tests.factories.pictures import png, png_header

pytestmark = pytest.mark.django_db


def new_product() -> int:
    return Product.objects.create(program_id=place().program_id, name="Cake").pk


def everything() -> tuple[object, ...]:
    """All products and photos of the active business."""
    products = list(Product.objects.order_by("id").values_list())
    return (*products, *ProductPhoto.objects.order_by("key").values_list())


def key_of(product: int) -> object:
    return Product.objects.get(pk=product).photo_id


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_those_who_may_set_and_remove_one(role: Role) -> None:
    cake, before = new_product(), everything()
    key = set_photo(cake, file=png("red", size=(2_000, 1_000)), actor=as_staff(role))
    kept = ProductPhoto.objects.get()
    assert kept.pk == key == key_of(cake)
    sizes = [Image.open(BytesIO(bytes(file))).size for file in (kept.large, kept.small)]
    assert sizes == [(1024, 512), (256, 128)]
    assert set_photo(cake, file=None, actor=as_staff(role)) is None
    assert everything() == before
    assert set_photo(cake, file=None, actor=as_staff(role)) is None


def test_a_new_photo_takes_the_place_and_the_bytes_of_the_old() -> None:
    cake, owner = new_product(), as_staff(Role.OWNER)
    old = set_photo(cake, file=png("red"), actor=owner)
    new = set_photo(cake, file=png("blue"), actor=owner)
    assert old != new == key_of(cake)
    assert ProductPhoto.objects.get().pk == new


def test_the_same_picture_again_is_the_same_photo() -> None:
    cake, owner = new_product(), as_staff(Role.OWNER)
    first = set_photo(cake, file=png(), actor=owner)
    before = everything()
    assert set_photo(cake, file=png(), actor=owner) == first
    assert everything() == before


def test_a_shared_photo_stays_until_nobody_has_it() -> None:
    cake, tart, owner = new_product(), new_product(), as_staff(Role.OWNER)
    key = set_photo(cake, file=png(), actor=owner)
    assert set_photo(tart, file=png(), actor=owner) == key
    assert ProductPhoto.objects.count() == 1
    set_photo(cake, file=None, actor=owner)
    assert (key_of(cake), key_of(tart)) == (None, key)
    set_photo(tart, file=png("blue"), actor=owner)
    assert key not in ProductPhoto.objects.values_list("key", flat=True)


@pytest.mark.parametrize(
    "file",
    [b"", b"<svg/>", png()[:70], png_header(50_000, 50_000)],
    ids=["nothing", "SVG", "cut short", "bomb"],
)
def test_what_is_no_picture_changes_nothing(file: bytes) -> None:
    cake, owner = new_product(), as_staff(Role.OWNER)
    set_photo(cake, file=png(), actor=owner)
    before = everything()
    with pytest.raises(PhotoUnusable):
        set_photo(cake, file=file, actor=owner)
    assert everything() == before


@pytest.mark.parametrize(
    "actor",
    [lambda: as_staff(Role.STAFF), lambda: as_customer("ann@alpha.example"), Anonymous],
    ids=["staff", "customer", "stranger"],
)
@pytest.mark.parametrize("file", [png("blue"), None, b"no picture"], ids=["set", "remove", "bad"])
def test_nobody_else_may(actor: Callable[[], Actor], file: bytes | None) -> None:
    cake = new_product()
    set_photo(cake, file=png(), actor=as_staff(Role.OWNER))
    before = everything()
    with pytest.raises(NotAllowed):
        set_photo(cake, file=file, actor=actor())
    assert everything() == before


@pytest.mark.parametrize("file", [png("blue"), None], ids=["set", "remove"])
def test_beta_has_no_product_of_alpha(file: bytes | None) -> None:
    cake = new_product()
    set_photo(cake, file=png(), actor=as_staff(Role.OWNER))
    of_alpha = everything()
    with context.business("beta"):
        of_beta = everything()
        with pytest.raises(NotFound):
            set_photo(cake, file=file, actor=as_staff(Role.MANAGER))
        assert everything() == of_beta
    assert everything() == of_alpha


def test_the_same_picture_in_two_businesses_has_two_keys() -> None:
    keys = set()
    for schema in ("alpha", "beta"):
        with context.business(schema):
            keys.add(set_photo(new_product(), file=png(), actor=as_staff(Role.OWNER)))
            assert ProductPhoto.objects.count() == 1
    assert len(keys) == 2


def test_unknown_and_archived_products() -> None:
    gone = new_product()
    Product.objects.filter(pk=gone).update(is_archived=True)
    before = everything()
    for product in (gone, 0, -1, 2**62):
        with pytest.raises(NotFound):
            set_photo(product, file=png(), actor=as_staff(Role.OWNER))
    assert everything() == before


def test_the_database_keeps_no_large_file_and_no_photo_from_under_a_product() -> None:
    for large, small in ((262_145, 0), (0, 65_537)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductPhoto.objects.create(digest=b"x", large=b"x" * large, small=b"x" * small)
    ProductPhoto.objects.create(digest=b"x", large=b"x" * 262_144, small=b"x" * 65_536)
