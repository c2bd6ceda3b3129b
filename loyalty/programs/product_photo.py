"""The files of a product's photo."""

from uuid import UUID

from loyalty.base import exempt
from loyalty.base.errors import NotFound
from loyalty.models import ProductPhoto


@exempt.open_to_all("whoever was shown a photo has its key, which nobody can guess")
def product_photo(key: UUID, *, is_small: bool) -> bytes:
    """A WebP file of this business; raises NotFound, also for another business's key."""
    file = "small" if is_small else "large"
    found = ProductPhoto.objects.filter(pk=key).values_list(file, flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)
