"""What a manager should look at."""
