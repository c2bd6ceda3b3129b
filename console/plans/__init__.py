"""What plans allow, and how businesses come to have it."""
