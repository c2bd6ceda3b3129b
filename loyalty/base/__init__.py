"""What all packages speak in: values, money, days, refusals, events, tokens and roles."""
