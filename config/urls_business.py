"""Addresses on a business's host."""

from django.conf import settings
from django.urls import path

from console.customer.card import card
from console.customer.code import code
from console.customer.collect import collect
from console.customer.home import home
from console.customer.link import link
from console.manager.photo import set_photo
from console.manager.products import products
from console.outbox.page import outbox
from console.photo import photo
from console.sign_out import sign_out
from console.staff.home import home as staff
from console.staff.sign_in import sign_in
from graphql_api.view import graphql_view

urlpatterns = [
    path("", home, name="home"),
    path("code", code, name="code"),
    path("c/<str:token>", collect, name="collect"),
    path("c/<str:token>/code", code, name="collect_code"),
    path("l/<str:token>", link, name="link"),
    path("card/<int:card_id>", card, name="card"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("staff", staff, name="staff"),
    path("products", products, name="products"),
    path(settings.UPLOAD_PATH[1:], set_photo, name="set_photo"),
    path("photo/<uuid:key>.webp", photo, name="photo"),
    path("photo/<uuid:key>-small.webp", photo, {"is_small": True}, name="small_photo"),
    path("graphql", graphql_view, name="graphql"),
    path("outbox", outbox, name="outbox"),
]
handler400 = "console.errors.bad_request"
handler403 = "console.errors.forbidden"
handler404 = "console.errors.not_found"
handler500 = "console.errors.failed"
