"""The files of a product's photo."""

from uuid import UUID

from loyalty.base.errors import NotFound
from loyalty.models import ProductPhoto


def product_photo(key: UUID, *, is_small: bool) -> bytes:
    """A WebP file of this business; raises NotFound, also for another business's key."""
    file = "small" if is_small else "large"
    found = ProductPhoto.objects.filter(pk=key).values_list(file, flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)
