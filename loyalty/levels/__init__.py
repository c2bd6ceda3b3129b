"""The levels of a business, and the points that reach them."""
