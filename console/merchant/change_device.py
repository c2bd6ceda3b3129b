"""POST /devices/<id>/…: a device is renamed, unlocked or taken out of use."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.answers import SeeOther
from console.merchant.devices import device_list, for_managers
from console.merchant.only import staff_of
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import InvalidInput
from loyalty.devices import rename_device, revoke_device, unlock_device
from loyalty.wording import PageForm


@never_cache
@require_POST
@for_managers
@refusals_as_pages
def rename(request: HttpRequest, device_id: int) -> HttpResponse:
    """303 back to the list; the list with a sentence when the name cannot be used."""
    try:
        rename_device(device_id, typed(request, "name"), actor=staff_of(request))
    except InvalidInput as refused:
        refusal = shown(refused, form=PageForm.RENAMING)
        return device_list(request, refusal=refusal, device_id=device_id)
    return _back(device_id)


@never_cache
@require_POST
@for_managers
@refusals_as_pages
def unlock(request: HttpRequest, device_id: int) -> HttpResponse:
    """303 back to the list."""
    unlock_device(device_id, actor=staff_of(request))
    return _back(device_id)


@never_cache
@require_POST
@for_managers
@refusals_as_pages
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """303 back to the list."""
    revoke_device(device_id, actor=staff_of(request))
    return _back(device_id)


def _back(device_id: int) -> HttpResponse:
    return SeeOther(f"/devices?changed={device_id}#device-{device_id}")
