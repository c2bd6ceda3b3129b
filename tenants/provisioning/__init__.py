"""Schemas: migrating them, and making a new business's from the template."""
