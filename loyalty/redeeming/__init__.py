"""Bonuses are used: asked for, looked at, given, taken back."""
