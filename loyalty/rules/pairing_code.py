"""A pairing code as people read it to each other, and as it is looked up."""

# What the signs left out are taken for.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})
LENGTH = 8


def spoken(code: str) -> str:
    """In two halves: `7K3QM2XR` is shown as `7K3Q-M2XR`."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def typed_code(typed: str) -> str:
    """What was meant, whatever case, blanks and dashes it was typed with."""
    return typed.upper().translate(_READ_AS)
