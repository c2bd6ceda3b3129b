"""Registers the people's table under its short label."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """`accounts`, listed both as shared and as a business's own."""

    name = "tenants.accounts"
    label = "accounts"
