"""The operators of the platform: their admin, and how they sign in."""
