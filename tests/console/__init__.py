"""Pages, asked for over Django's test client."""
