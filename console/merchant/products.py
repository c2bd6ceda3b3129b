"""/products: what the business gives, with photos."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.answers import page
from console.merchant.only import only_for
from loyalty.base.access import Permission
from loyalty.programs import catalogue
from loyalty.wording import RefusalPage


@dataclass(frozen=True, slots=True)
class News:
    """What became of a photo: the product it is about, and the refusal if there was one."""

    product_id: int | None
    refusal: RefusalPage | None = None


for_editors = only_for(Permission.EDIT_PRODUCTS, page="/products")


@never_cache
@require_safe
@for_editors
def products(request: HttpRequest) -> HttpResponse:
    """The list; `?saved=` says which product's photo was just saved or removed."""
    return product_list(request, News(number(request, "saved")))


def product_list(request: HttpRequest, news: News) -> HttpResponse:
    """The list with this news in its place."""
    rows = list(catalogue.products())
    is_here = any(row.pk == news.product_id for row in rows)
    status = news.refusal.status if news.refusal else 200
    return page(request, "products", status=status, products=rows, news=news, is_here=is_here)


def number(request: HttpRequest, name: str) -> int | None:
    """The number in the address; None when it is missing or none."""
    text = request.GET.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004  the digits of 2**63
    return int(text) if is_number else None
