"""A pairing code as people read it to each other, and as it is looked up."""

# What the signs left out are taken for.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})
LENGTH = 8
# So many signs name a code; what is left has to be known: 25 bits.
NAME = 3


def spoken(code: str) -> str:
    """In two halves: `7K3QM2XR` is shown as `7K3Q-M2XR`."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def typed_code(typed: str) -> str:
    """What was meant, whatever case, blanks and dashes it was typed with."""
    return typed.upper().translate(_READ_AS)


def begins_alike(code: str, typed: str) -> bool:
    """True when what was typed names this code, whatever follows."""
    return typed[:NAME] == code[:NAME]
