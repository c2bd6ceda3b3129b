"""Programs, their versions, their menu and what they may give."""
