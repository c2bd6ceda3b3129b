"""/ on the platform's own hosts: what runs here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console.answers import page
from tenants.hosts import site_url
from tenants.models import Domain


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The page; in the demo it names the businesses, which are nobody's secret there."""
    return page(request, "platform", businesses=_demo_businesses() if settings.DEMO_DIR else [])


def _demo_businesses() -> list[tuple[str, str]]:
    domains = Domain.objects.filter(is_primary=True).select_related("tenant").order_by("pk")
    return [(domain.tenant.name, site_url(domain.domain)) for domain in domains]
