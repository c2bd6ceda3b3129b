"""Jobs: django-q2, with the business stamped on each."""
