"""The one table of people with passwords, in `public` and in each business's schema."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Creates people."""

    def create_user(self, email: str, password: str | None, *, operator: bool = False) -> "User":
        """A person with this e-mail (stored in lower case); None sets no usable password."""
        user = self.model(email=email.strip().lower(), is_operator=operator)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this e-mail, however it is capitalised."""
        typed = (username or "").strip()
        if not typed.isascii():
            # Made small, the Kelvin sign would be somebody else's k.
            raise self.model.DoesNotExist
        return self.get(email=typed.lower())


class User(AbstractBaseUser):
    """A person who signs in with e-mail and password; rights come from their role, not from here.

    In `public` an operator of the platform, in a business's schema an owner, manager or staff
    member. Django's groups and permissions are left out: they would tie a business to `public`.
    """

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    @property
    def is_staff(self) -> bool:
        """Django's word for: may open the operators' admin."""
        return self.is_operator

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Operators may do everything in the admin, nobody else anything."""
        return self.is_active and self.is_operator

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  Django's signature
        """The same for a whole app."""
        return self.is_active and self.is_operator
