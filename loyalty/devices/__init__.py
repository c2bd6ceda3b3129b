"""Devices at the counter, and who switches them on."""
