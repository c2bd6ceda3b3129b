"""/photo/<key>.webp: a product's photo, for anybody who was shown its address."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty.base.errors import NotFound
from loyalty.programs import product_photo

# What lies at a key never changes, and a new photo has a new key.
_FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
def photo(request: HttpRequest, key: UUID, *, is_small: bool = False) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The WebP file; 404 for a key that is unknown here."""
    try:
        file = product_photo(key, is_small=is_small)
    except NotFound:
        raise Http404 from None
    return HttpResponse(file, content_type="image/webp", headers={"Cache-Control": _FOR_GOOD})
