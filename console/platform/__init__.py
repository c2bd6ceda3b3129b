"""Pages of the platform's own hosts."""
