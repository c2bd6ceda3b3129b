"""The counter: pairing a browser, switching it on, signing in."""
