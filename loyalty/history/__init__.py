"""A customer's past as steps, and what would have become of their cards without some of them."""
