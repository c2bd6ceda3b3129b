"""The loyalty app; its tables live in each business's schema."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    """`loyalty`."""

    name = "loyalty"
