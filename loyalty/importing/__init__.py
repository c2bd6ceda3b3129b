"""Visits from another system become visits here."""
