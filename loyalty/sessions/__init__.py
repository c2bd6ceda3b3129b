"""Live QR sessions as the counter and a scanner see them."""
