"""The operators' sign-in takes an address as people type it."""

from loyalty.base.email_address import cleaned
from loyalty.base.errors import InvalidInput
from tenants.operators.site import OperatorSignIn


class OperatorSignInForm(OperatorSignIn):
    """Reads the address in the spelling in which `create_operator` keeps it."""

    def clean_username(self) -> str:
        """That spelling; as it was typed where it has none."""
        typed = str(self.cleaned_data["username"])
        try:
            return cleaned(typed)
        except InvalidInput:
            return typed
