"""What is asked before a deed: has it been answered, is it tried too often, who else is at it."""
