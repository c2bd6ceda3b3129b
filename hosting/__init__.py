"""What joins businesses and the product: opening one, its plan, and what operators do with it."""
