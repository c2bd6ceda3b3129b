"""Pages for operators of the platform."""
