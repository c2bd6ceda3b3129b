"""Loads what the first caller would wait for, before the process says that it is ready."""

import logging
import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.template.loader import get_template
from django.urls import get_resolver

from graphql_api.documents import look
from graphql_api.schema import schema

log = logging.getLogger(__name__)
_URLS = (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF, settings.OPERATOR_URLCONF)
_OURS = ("console", "graphql_api", "loyalty", "tenants")
# Asks for nothing, and takes the whole way of a document.
_DOCUMENT = "{ __typename }"


def warm() -> None:
    """Views and what they import, templates, the hasher of passwords, and the schema."""
    began = time.monotonic()
    for name in _URLS:
        # Views are imported by the patterns that name them.
        get_resolver(name).reverse_dict  # noqa: B018  filling it reads all patterns
    for name in templates():
        get_template(name)
    make_password("")
    look(_DOCUMENT).mistakes(schema._schema)  # noqa: SLF001  as the guard reads it
    log.info("Warm after %.1f s", time.monotonic() - began)


def templates() -> list[str]:
    """The names of all templates of ours."""
    folders = [Path(apps.get_app_config(label).path) / "templates" for label in _OURS]
    return [
        str(file.relative_to(folder))
        for folder in folders
        for file in sorted(folder.rglob("*.*"))
        if file.is_file()
    ]
