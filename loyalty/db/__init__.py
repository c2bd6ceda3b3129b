"""The database: transactions in few round trips, their errors, and what is told after them."""
