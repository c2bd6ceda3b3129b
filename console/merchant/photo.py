"""POST /products/photo: a product's photo is set or removed."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from console.answers import SeeOther
from console.caller import caller
from console.csrf import PageCsrfMiddleware
from console.merchant.products import News, for_editors, number, product_list
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import NotFound, PhotoUnusable
from loyalty.photos import MOST_BYTES, PhotoReason
from loyalty.programs import set_photo as change_photo
from loyalty.wording import PageForm

_checked = decorator_from_middleware(PageCsrfMiddleware)


# Exempt only until the body is known to be small enough to be read; `_save` is checked.
@csrf_exempt
@never_cache
@require_POST
@for_editors
def set_photo(request: HttpRequest) -> HttpResponse:
    """303 back to the list; the list with a sentence when the file cannot be used."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_SIZE:
        return _refused(request, PhotoReason.TOO_LARGE)
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    return cast("HttpResponse", _save(request))


@_checked
@refusals_as_pages
def _save(request: HttpRequest) -> HttpResponse:
    product_id = number(request, "product")
    if product_id is None:
        raise NotFound
    is_removal = "remove" in request.POST
    file: Any = request.FILES.get("photo")
    if not file and not is_removal:
        return _refused(request, "missing")
    try:
        # One byte more than allowed is enough to be refused by.
        data = None if is_removal else file.read(MOST_BYTES + 1)
        change_photo(product_id, file=data, actor=caller(request))
    except PhotoUnusable as refused:
        return _refused(request, str(refused.details["reason"]))
    return SeeOther(f"/products?saved={product_id}#product-{product_id}")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    refused = PhotoUnusable(details={"field": "photo", "reason": reason})
    refusal = shown(refused, form=PageForm.PHOTO)
    return product_list(request, News(number(request, "product"), refusal))
