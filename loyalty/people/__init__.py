"""Customers and how anybody is known: addresses, profiles, bearer tokens, browsers."""
