"""A mail with a link and a code."""

from django.db import models
from django.db.models import Q

from loyalty.models.customer import Customer


class SignInLink(models.Model):
    """One request to sign in by mail; link and code are derived from `salt`, never stored.

    `claim_digest` names the browser or client that asked: it alone may use the code, and may
    repeat the sign-in. A new request for the address makes the older ones void.
    """

    id = models.BigIntegerField(primary_key=True)
    email = models.CharField(max_length=254)
    language = models.CharField(max_length=10, default="")
    salt = models.BinaryField(max_length=16)
    link_digest = models.BinaryField(max_length=32, unique=True)
    claim_digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    link_expires_at = models.DateTimeField()
    code_expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    is_void = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True)
    granted = models.JSONField(null=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)

    class Meta:
        indexes = [
            models.Index(name="link_by_email", fields=["email"]),
            models.Index(name="link_by_claim", fields=["claim_digest"]),
        ]
        constraints = [
            models.CheckConstraint(name="link_tries", condition=Q(tries__lte=5)),
        ]
