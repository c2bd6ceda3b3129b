"""The SQL that makes a new business's schema."""

from django.db import models


class TemplateDump(models.Model):
    """A dump of the template schema for one state of the migrations."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    made_at = models.DateTimeField()
