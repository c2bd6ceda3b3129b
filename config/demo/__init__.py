"""The demo: two businesses with people, and what clients need to try them."""
