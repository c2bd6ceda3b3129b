"""Signs operators in, and nobody once the tries are used up."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from tenants import context
from tenants.accounts.models import User
from tenants.address import address_of
from tenants.operators import attempts
from tenants.operators.known_browser import is_known


class OperatorBackend(BaseBackend):
    """Active operators of the platform, by e-mail and password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The operator; None when anything is wrong, or was too often.

        A right password after too many wrong ones is not even looked at.
        """
        if request is None or username is None or password is None:
            return None
        email = username.strip().lower()
        with context.public():
            found = User.objects.filter(email=email, is_active=True, is_operator=True).first()
        if not username.isascii():
            # Made small, the Kelvin sign would be somebody else's k.
            found = None
        keys = _keys(request, email, found)
        if not attempts.begin(keys) or not _is_right(password, found):
            return None
        attempts.forget(keys)
        return found

    def get_user(self, user_id: int) -> User | None:
        """The operator of a session; None once switched off."""
        with context.public():
            return User.objects.filter(pk=user_id, is_active=True, is_operator=True).first()


def _keys(request: HttpRequest, email: str, found: User | None) -> list[str]:
    known = found is not None and is_known(request, found.pk)
    account = attempts.account_key(email, found.pk if found else None, is_known_browser=known)
    # What strangers behind the same address use up is nothing to a browser that is known.
    # The address first: one that has no tries left takes none from accounts.
    return [account] if known else [attempts.address_key(address_of(request.META)), account]


def _is_right(password: str, found: User | None) -> bool:
    if found is None:
        # As long as it takes with an account, so that the time tells nothing.
        make_password(password)
        return False
    # Not the account's own method, which may write a newer hash: the web's role writes none.
    return check_password(password, found.password)
