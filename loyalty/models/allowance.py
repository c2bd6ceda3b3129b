"""How much of a limit is used."""

from django.db import models


class Allowance(models.Model):
    """One limit of one person, device, code or address: all of it is free again at `full_at`.

    Each use moves that moment by a step, and time brings it nearer: there is no window that ends,
    and one row is all that a caller can fill. `what` is a hash: no word of the caller's is kept.
    """

    what = models.CharField(max_length=100, unique=True)
    full_at = models.DateTimeField()
