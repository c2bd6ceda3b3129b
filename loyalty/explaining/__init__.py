"""Why a card was credited, or not: values without words."""
