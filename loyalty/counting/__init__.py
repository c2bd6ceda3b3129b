"""How much: pure functions over frozen values; no clock, no database, no Django."""
