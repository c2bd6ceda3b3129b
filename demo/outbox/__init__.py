"""In the demo, mails are shown on a page instead of being sent."""
