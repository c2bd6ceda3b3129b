"""Businesses as tenants: who they are, which host belongs to whom, and their schemas."""
