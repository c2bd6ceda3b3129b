"""What callers see: one file a thing, each made from the domain's values."""
