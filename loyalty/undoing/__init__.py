"""Sales are taken back."""
