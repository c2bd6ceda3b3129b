"""A business comes into being."""
