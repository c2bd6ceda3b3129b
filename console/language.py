"""/language: which language this browser reads, kept until another is chosen."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from console.caller import caller
from console.reading import typed
from console.refusals import refusals_as_pages
from loyalty.base.values import CustomerActor
from loyalty.people import choose_language


@never_cache
@require_POST
@refusals_as_pages
def language(request: HttpRequest) -> HttpResponse:
    """Back to the page that asked; a customer's mails follow the choice."""
    actor = caller(request)
    if isinstance(actor, CustomerActor):
        choose_language(typed(request, "language"), actor=actor)
    # Django's own: the cookie, and back to an address of this host alone.
    return set_language(request)
