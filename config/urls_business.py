"""Addresses on a business's host."""

from django.conf import settings
from django.urls import path

from console.counter.home import home as staff
from console.counter.pair import pair
from console.counter.passcode import passcode
from console.counter.sign_in import sign_in
from console.counter.switch import switch
from console.customer.card import card
from console.customer.code import code
from console.customer.collect import collect
from console.customer.home import home
from console.customer.link import link
from console.language import language
from console.merchant.change_device import rename, revoke, unlock
from console.merchant.devices import devices, make_code
from console.merchant.photo import set_photo
from console.merchant.products import products
from console.photo import photo
from console.sign_out import sign_out
from demo.outbox.page import outbox
from graphql_api.view import graphql_view

urlpatterns = [
    path("", home, name="home"),
    path("code", code, name="code"),
    path("c/<str:token>", collect, name="collect"),
    path("c/<str:token>/code", code, name="collect_code"),
    path("l/<str:token>", link, name="link"),
    path("card/<int:card_id>", card, name="card"),
    path("language", language, name="language"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
    path("staff", staff, name="staff"),
    path("products", products, name="products"),
    path(settings.UPLOAD_PATH[1:], set_photo, name="set_photo"),
    path("photo/<uuid:key>.webp", photo, name="photo"),
    path("photo/<uuid:key>-small.webp", photo, {"is_small": True}, name="small_photo"),
    path("devices", devices, name="devices"),
    path("devices/code", make_code, name="make_code"),
    path("devices/<int:device_id>/rename", rename, name="rename_device"),
    path("devices/<int:device_id>/unlock", unlock, name="unlock_device"),
    path("devices/<int:device_id>/revoke", revoke, name="revoke_device"),
    path("passcode", passcode, name="passcode"),
    path("pair", pair, name="pair"),
    path("pair/<str:code>", pair, name="pair_code"),
    path("switch", switch, name="switch"),
    path("graphql", graphql_view, name="graphql"),
    path("outbox", outbox, name="outbox"),
]
handler400 = "console.errors.bad_request"
handler403 = "console.errors.forbidden"
handler404 = "console.errors.not_found"
handler500 = "console.errors.failed"
