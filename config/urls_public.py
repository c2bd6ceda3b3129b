"""Addresses on the platform's own host."""

from django.contrib import admin
from django.urls import path

from console.platform.root import root

urlpatterns = [path("", root, name="platform"), path("admin/", admin.site.urls)]
handler400 = "console.errors.bad_request"
handler403 = "console.errors.forbidden"
handler404 = "console.errors.not_found"
handler500 = "console.errors.failed"
