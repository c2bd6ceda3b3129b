"""Managers decide about findings."""
