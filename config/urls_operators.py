"""Addresses on a host of the platform that was named on purpose: the operators' admin too."""

from django.urls import path

from config import urls_public
from hosting.operators import admin  # noqa: F401  it registers the models
from tenants.operators.site import site

urlpatterns = [*urls_public.urlpatterns, path("admin/", site.urls)]
handler400 = urls_public.handler400
handler403 = urls_public.handler403
handler404 = urls_public.handler404
handler500 = urls_public.handler500
