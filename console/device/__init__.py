"""The counter device: pairing a browser, and switching it on."""
