"""`make bench`: what mint and collect cost over HTTP, against the least the database can do."""
