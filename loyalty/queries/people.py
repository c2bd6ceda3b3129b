"""Customers and the business's own name and address."""

from loyalty.models import Customer, Settings


def email_of(customer_id: int) -> str:
    """The customer's address."""
    return Customer.objects.values_list("email", flat=True).get(pk=customer_id)


def site_url() -> str:
    """Where the business's pages are, without a slash at the end."""
    return Settings.objects.values_list("site_url", flat=True).get()
