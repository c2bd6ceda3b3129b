"""Addresses on the platform's own hosts."""

from django.urls import path

from console.signup.root import root

urlpatterns = [path("", root, name="platform")]
handler400 = "console.errors.bad_request"
handler403 = "console.errors.forbidden"
handler404 = "console.errors.not_found"
handler500 = "console.errors.failed"
