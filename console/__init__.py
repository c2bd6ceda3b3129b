"""Pages for people: customers, the counter, merchants, and who has no business yet."""
