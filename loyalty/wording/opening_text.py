"""Why a business cannot be opened as asked for, in English: commands have no languages."""

from loyalty.base.errors import InvalidInput


def no_address(typed: str) -> str:
    """What was typed is no e-mail address."""
    return f"{typed} is no e-mail address."


def unusable_business(refused: InvalidInput, *, currency: str) -> str:
    """What is wrong with its name, or with its currency."""
    if refused.details["field"] == "currency":
        return f"Nobody pays with {currency}: use a code as EUR."
    return "The name of a business stands in one line of 1 to 120 letters and signs."
