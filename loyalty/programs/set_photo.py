"""A manager gives a product a photo, or takes it away."""

from uuid import UUID

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import Actor
from loyalty.models import Product, ProductPhoto, Settings
from loyalty.photos import Photo, re_encoded


def set_photo(product_id: int, *, file: bytes | None, actor: Actor) -> UUID | None:
    """The key of the product's photo now; None after it was removed (`file` None).

    For owners and managers. Raises NotFound or PhotoUnusable; the photo then stays as it was.
    """
    access.require(actor, Permission.EDIT_PRODUCTS)
    # Before any lock: it takes up to a second.
    photo = re_encoded(file) if file is not None else None
    return _set(product_id, photo)


def _set(product_id: int, photo: Photo | None) -> UUID | None:
    with transaction.atomic():
        # One at a time in a business: otherwise a picture could go with the last product that has
        # it while another product is given it. Sales and their reads do not wait for this row.
        Settings.objects.select_for_update().get()
        product = Product.objects.filter(pk=product_id, is_archived=False).first()
        if product is None:
            raise NotFound
        before, product.photo_id = product.photo_id, _key_of(photo) if photo else None
        product.save(update_fields=["photo"])
        if before != product.photo_id:
            _remove_unused(before)
    return product.photo_id


def _key_of(photo: Photo) -> UUID:
    known = ProductPhoto.objects.filter(digest=photo.digest)
    key = known.values_list("key", flat=True).first()
    if key is None:
        made = {"digest": photo.digest, "large": photo.large, "small": photo.small}
        key = ProductPhoto.objects.create(**made).pk
    return key


def _remove_unused(key: UUID | None) -> None:
    if key is not None and not Product.objects.filter(photo_id=key).exists():
        ProductPhoto.objects.filter(pk=key).delete()
