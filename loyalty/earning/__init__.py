"""A tap and its scan: sessions are minted, collected and credited."""
