"""An address becomes a customer, once."""

import secrets
from datetime import datetime

from django.db import transaction

from loyalty.base import exempt
from loyalty.base.email_address import mailbox
from loyalty.models import Customer
from loyalty.people.lock_address import lock_addresses


@exempt.asked_already("part of a sign-in by mail, and of our own commands")
def enrol_customer(email: str, *, language: str, now: datetime) -> Customer:
    """The customer with this address, made when there is none yet.

    Addresses of one mailbox share a `person`: what is given once is given once to it.
    """
    same = mailbox(email)
    with transaction.atomic():
        lock_addresses(email)
        known = Customer.objects.filter(mailbox=same).values_list("person", flat=True).first()
        made = Customer(
            id=secrets.randbits(62),
            email=email,
            mailbox=same,
            person=known or secrets.randbits(62),
            language=language,
            created_at=now,
        )
        # Two first sign-ins at once meet in the unique address; the second takes the first's row.
        Customer.objects.bulk_create([made], ignore_conflicts=True)
    return Customer.objects.get(email=email)
