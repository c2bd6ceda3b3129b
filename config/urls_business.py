"""Addresses on a business's host."""

from django.urls import path

from console.outbox.page import outbox
from graphql_api.view import graphql_view

urlpatterns = [
    path("graphql", graphql_view, name="graphql"),
    path("outbox", outbox, name="outbox"),
]
