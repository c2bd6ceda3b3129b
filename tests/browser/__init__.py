"""Journeys in Chromium against real servers. Nothing here uses Django: Playwright owns the loop."""
