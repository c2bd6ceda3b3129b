"""Addresses on a business's host."""

from django.urls import path

urlpatterns: list[object] = []
