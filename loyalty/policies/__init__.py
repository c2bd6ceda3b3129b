"""Whether: pure functions over frozen values."""
