"""`manage.py change_operator`: a new password, or no entry any more."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from loyalty.base.email_address import cleaned
from loyalty.base.errors import InvalidInput
from tenants import context, roles
from tenants.accounts.models import User
from tenants.operators import attempts


class Command(BaseCommand):
    """Asks for the new password, or takes it from OPERATOR_PASSWORD; a lock ends at once."""

    help = "Gives an operator a new password, or shuts one out (--off) or in again (--on)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--off", action="store_true", help="Shut this operator out")
        way.add_argument("--on", action="store_true", help="Let this operator in again")

    def handle(self, *_args: Any, **options: Any) -> None:
        roles.become_owner()
        with context.public():
            found = User.objects.filter(email=_spelling(options["email"])).first()
            if found is None:
                raise CommandError("There is no operator with this address.")
            if options["off"] or options["on"]:
                found.is_active = options["on"]
            else:
                found.set_password(_new_password())
            found.save(update_fields=["is_active", "password"])
            attempts.forget_account(found.pk)


def _spelling(typed: str) -> str:
    try:
        return cleaned(typed)
    except InvalidInput:
        # An operator of an earlier release may have an address that is taken no more.
        return typed.strip().lower()


def _new_password() -> str:
    password = os.environ.get("OPERATOR_PASSWORD") or getpass.getpass("The new password: ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
