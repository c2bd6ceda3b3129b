"""One file a mutation, named after the action that it calls."""
