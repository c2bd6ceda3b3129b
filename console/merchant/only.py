"""Which pages are for whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from console.answers import View
from console.answers import page as rendered
from console.caller import caller
from loyalty.base import access
from loyalty.base.access import NotAllowed, Permission
from loyalty.base.values import Anonymous, StaffActor

_LET_IN = "plusone.let_in"


def only_for(deed: Permission, *, page: str) -> Callable[[View], View]:
    """Let in staff who may do this; 403 for all others, who sign in first if they have not.

    Whom only the passcode of a device keeps out is told that the password opens it.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = caller(request)
            if isinstance(actor, StaffActor) and access.may(actor, deed):
                request.META[_LET_IN] = actor
                try:
                    return view(request, *args, **kwargs)
                except NotAllowed:
                    # They may not any more, since we looked a moment ago.
                    raise PermissionDenied from None
            if isinstance(actor, Anonymous):
                return redirect(f"/sign-in?next={page}")
            if access.may_with_password(actor, deed):
                return rendered(request, "needs_password", status=403, next=page)
            raise PermissionDenied

        return guarded

    return guard


def let_in(request: HttpRequest) -> StaffActor:
    """The staff member that `only_for` let in a moment ago, for what the page reads."""
    found: StaffActor = request.META[_LET_IN]
    return found


def staff_of(request: HttpRequest) -> StaffActor:
    """The staff member that `only_for` let in; raises PermissionDenied when they left since."""
    actor = caller(request)
    if not isinstance(actor, StaffActor):
        raise PermissionDenied
    return actor
