"""/staff: who is signed in, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.answers import page
from console.caller import caller
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import StaffActor
from loyalty.programs import beyond_plan
from loyalty.wording import beyond_plan_text
from tenants.requests import on_business_host


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page; to sign in first for everybody else."""
    actor = caller(request)
    if not isinstance(actor, StaffActor):
        return redirect("/sign-in?next=/staff")
    may_explore = on_business_host(request).business.has_api and access.may(
        actor, Permission.EXPLORE_API
    )
    may_edit = access.may(actor, Permission.EDIT_PRODUCTS)
    return page(
        request,
        "staff",
        actor=actor,
        beyond_plan=[beyond_plan_text(each) for each in beyond_plan()] if may_edit else [],
        may_explore=may_explore,
        may_edit=may_edit,
        may_manage_devices=access.may(actor, Permission.MANAGE_DEVICES),
        after="/switch" if actor.device else "/sign-in",
    )
