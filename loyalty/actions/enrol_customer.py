"""An address becomes a customer, once."""

import secrets
from datetime import datetime

from loyalty.email_address import mailbox
from loyalty.models import Customer


def enrol_customer(email: str, *, language: str, now: datetime) -> Customer:
    """The customer with this address, made when there is none yet.

    Addresses of one mailbox share a `person`. Two of them that enrol at once may get one each:
    then both have what is given once.
    """
    same = mailbox(email)
    known = Customer.objects.filter(mailbox=same).values_list("person", flat=True).first()
    # Two first sign-ins at once meet in the unique address; the second one takes the first's row.
    made = Customer(
        id=secrets.randbits(62),
        email=email,
        mailbox=same,
        person=known or secrets.randbits(62),
        language=language,
        created_at=now,
    )
    Customer.objects.bulk_create([made], ignore_conflicts=True)
    return Customer.objects.get(email=email)
