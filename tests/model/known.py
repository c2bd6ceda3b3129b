"""Where the product does not keep to the specification yet: True when it does.

Each is the model's own answer as the specification has it; the product's is the other one. Who
mends the product sets it to True, and the machine proves it.
"""

# Who starts a card with a code that was minted before better numbers were published gets these.
NEW_CARDS_TAKE_BETTER_NUMBERS = False
# A card that keeps its promise keeps the points of it, not only thresholds, steps and minimums.
CARDS_KEEP_THEIR_POINTS = False
# The answer to the sale that completes a card shows the threshold of the numbers it then takes.
ANSWERS_SHOW_THE_NEW_THRESHOLD = False
