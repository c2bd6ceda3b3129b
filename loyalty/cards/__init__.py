"""Cards as they stand: for a decision, for an outcome, for a page."""
