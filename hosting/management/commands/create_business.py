"""`manage.py create_business`: a new business with its owner, ready for its first stamp."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from hosting.open_business import NewBusiness, open_business
from loyalty.base.email_address import cleaned
from loyalty.base.errors import InvalidInput
from loyalty.base.values import Role
from loyalty.programs import FirstPerson
from loyalty.wording import opening_text
from tenants import context
from tenants.models import Plan
from tenants.provisioning.provision import BadHostError, BadSchemaNameError


class Command(BaseCommand):
    """Asks for the owner's password, or takes it from OWNER_PASSWORD."""

    help = (
        "Makes a business: manage.py create_business lumo 'Lumo Coffee' lumo.example o@lumo.example"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema", help="3 to 41 of a-z, 0-9 and _, starting with a letter")
        parser.add_argument("name")
        parser.add_argument("host")
        parser.add_argument("owner", help="The owner's e-mail")
        parser.add_argument("--plan", default="free")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--currency", default="EUR")

    def handle(self, *_args: Any, **options: Any) -> None:
        password = os.environ.get("OWNER_PASSWORD") or getpass.getpass("The owner's password: ")
        try:
            address = cleaned(options["owner"])
        except InvalidInput:
            raise CommandError(opening_text.no_address(options["owner"])) from None
        owner = FirstPerson("Owner", Role.OWNER, address, password)
        names = ("schema", "name", "host", "plan", "time_zone", "currency")
        wanted = NewBusiness(**{name: options[name] for name in names})
        with context.public():
            if not Plan.objects.filter(pk=wanted.plan).exists():
                raise CommandError(f"There is no plan {wanted.plan}.")
        try:
            validate_password(password)
            open_business(wanted, people=(owner,))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except (BadSchemaNameError, BadHostError) as error:
            raise CommandError(f"This name cannot be used: {error}") from None
        except InvalidInput as refused:
            text = opening_text.unusable_business(refused, currency=wanted.currency)
            raise CommandError(text) from None
        except IntegrityError:
            raise CommandError("The schema or the host is taken.") from None
        self.stdout.write(f"{wanted.name} answers on {wanted.host}.")
