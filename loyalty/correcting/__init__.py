"""Makes cards what they would be under another history: only by entries that are added."""
