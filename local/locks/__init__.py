"""Whether the locks can be installed on any day, by any pip that Python brings."""
