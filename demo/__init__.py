"""The demo: businesses with people, what clients need to try them, and a page for its mails."""
