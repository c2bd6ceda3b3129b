"""Refusals as pages: what did not happen, and what to do."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from console.answers import View, page
from loyalty.base.errors import BusinessSuspended, Refused
from loyalty.db.waiting_time import minutes_until
from loyalty.wording import PageForm, RefusalPage, refusal_page
from tenants.requests import on_business_host


def shown(refused: Refused, *, form: PageForm | None = None) -> RefusalPage:
    """The refusal as this form's page says it, with the time from which it is worth trying."""
    minutes = minutes_until(refused.retry_at) if refused.retry_at else None
    return refusal_page(refused, minutes=minutes, form=form)


def refusals_as_pages(view: View) -> View:
    """Let a view raise `Refused`; forms of a business that was stopped are refused here."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST" and on_business_host(request).business.is_suspended:
                raise BusinessSuspended
            return view(request, *args, **kwargs)
        except Refused as refused:
            return _whole_page(request, refused)

    return answered


def _whole_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    refusal = shown(refused)
    response = page(request, "refusal", status=refusal.status, refusal=refusal)
    if refused.retry_at:
        response["Retry-After"] = str(minutes_until(refused.retry_at) * 60)
    return response
