"""How much: pure functions over frozen values."""
