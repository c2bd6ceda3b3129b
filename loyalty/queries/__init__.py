"""Reads: querysets or frozen rows, shared by all transports."""
