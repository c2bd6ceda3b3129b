"""A manager gives a product a photo, or takes it away."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from loyalty import access
from loyalty.access import Deed
from loyalty.database_errors import once_more
from loyalty.errors import NotFound
from loyalty.models import Product, ProductPhoto
from loyalty.photos import Photo, re_encoded
from loyalty.values import Actor


def set_photo(product_id: int, *, file: bytes | None, actor: Actor) -> UUID | None:
    """The key of the product's photo now; None after it was removed (`file` None).

    For owners and managers. Raises NotFound or PhotoUnusable; the photo then stays as it was.
    """
    if not access.may(actor, Deed.EDIT_PRODUCTS):
        raise NotFound
    # Before any lock: it takes up to a second.
    photo = re_encoded(file) if file is not None else None
    return _set(product_id, photo)


@once_more
def _set(product_id: int, photo: Photo | None) -> UUID | None:
    with transaction.atomic():
        # Not its key: sales of this product go on meanwhile.
        locked = Product.objects.select_for_update(no_key=True)
        product = locked.filter(pk=product_id, is_archived=False).first()
        if product is None:
            raise NotFound
        before = product.photo_id
        # Whoever gives another product the same picture waits here, and then finds it or finds it
        # gone; by key, so that two who exchange pictures do not wait for each other.
        wanted = Q(pk=before) | Q(digest=photo.digest if photo else None)
        rows = ProductPhoto.objects.select_for_update().filter(wanted).order_by("key")
        known = {bytes(digest): key for key, digest in rows.values_list("key", "digest")}
        product.photo_id = _key_of(photo, known) if photo else None
        product.save(update_fields=["photo"])
        if before != product.photo_id:
            _remove_unused(before)
    return product.photo_id


def _key_of(photo: Photo, known: dict[bytes, UUID]) -> UUID:
    key = known.get(photo.digest)
    if key is None:
        made = {"digest": photo.digest, "large": photo.large, "small": photo.small}
        key = ProductPhoto.objects.create(**made).pk
    return key


def _remove_unused(key: UUID | None) -> None:
    if key is not None and not Product.objects.filter(photo_id=key).exists():
        ProductPhoto.objects.filter(pk=key).delete()
