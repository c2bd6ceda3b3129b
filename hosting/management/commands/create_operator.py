"""`manage.py create_operator`: somebody who may open the operators' admin."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from loyalty.base.email_address import cleaned
from loyalty.base.errors import InvalidInput
from loyalty.wording import opening_text
from tenants import context, roles
from tenants.accounts.models import User


class Command(BaseCommand):
    """Asks for the password, or takes it from OPERATOR_PASSWORD."""

    help = "Makes an operator of the platform."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        password = os.environ.get("OPERATOR_PASSWORD") or getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        try:
            email = cleaned(options["email"])
        except InvalidInput:
            raise CommandError(opening_text.no_address(options["email"])) from None
        # The application's own role makes no operators.
        roles.become_owner()
        with context.public():
            if User.objects.filter(email=email).exists():
                raise CommandError("There is somebody with this address already.")
            User.objects.create_user(email, password, operator=True)
