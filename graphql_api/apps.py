"""The GraphQL app."""

from django.apps import AppConfig


class GraphqlApiConfig(AppConfig):
    """`graphql_api`; it has no tables."""

    name = "graphql_api"
