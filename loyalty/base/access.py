"""Which role may do what, and how an action asks.

Each public action begins with `require`, or says above itself why it asks nobody
(`loyalty/base/exempt.py`); a test walks them all.
"""

from enum import StrEnum

from loyalty.base.errors import NotFound
from loyalty.base.values import Actor, CustomerActor, Role, StaffActor, SystemActor


class Permission(StrEnum):
    """What somebody may ask the business for."""

    MINT = "mint"
    COLLECT = "collect"
    READ_PANEL = "read_panel"
    READ_ANY_SESSION = "read_any_session"
    READ_ANY_CARD = "read_any_card"
    VOID = "void"
    VOID_ANY = "void_any"
    REDEEM = "redeem"
    VALIDATE = "validate"
    REFUND = "refund"
    REOPEN_PINS = "reopen_pins"
    READ_ANY_REDEMPTION = "read_any_redemption"
    EDIT_PRODUCTS = "edit_products"
    READ_ABSENCES = "read_absences"
    READ_LEADERBOARD = "read_leaderboard"
    READ_LEVELS = "read_levels"
    SET_LEVELS = "set_levels"
    EXPLORE_API = "explore_api"
    REVIEW = "review"
    READ_BUDGET = "read_budget"
    MANAGE_DEVICES = "manage_devices"
    SET_PASSCODE = "set_passcode"
    EDIT_PROGRAMS = "edit_programs"
    EDIT_PROFILE = "edit_profile"
    READ_OWN_ACCOUNT = "read_own_account"


class NotAllowed(Exception):  # noqa: N818  the product's word
    """The actor may not do this at all, whatever it is done to; nothing was looked at.

    Not among the refusals of `loyalty/base/errors.py`: each transport has an answer of its own for
    it, such as a sign-in page, and no action may take it for an answer to keep.
    """

    def __init__(self, actor: Actor, permission: Permission) -> None:
        super().__init__(permission.value)
        self.actor = actor
        self.permission = permission


_MANAGERS = frozenset({Role.OWNER, Role.MANAGER})
_STAFF = frozenset(Role)
_ROLES: dict[Permission, frozenset[Role]] = {
    Permission.MINT: _STAFF,
    Permission.COLLECT: frozenset(),
    Permission.READ_PANEL: _STAFF,
    Permission.READ_ANY_SESSION: _MANAGERS,
    Permission.READ_ANY_CARD: _MANAGERS,
    Permission.VOID: _STAFF,
    Permission.VOID_ANY: _MANAGERS,
    Permission.REDEEM: frozenset(),
    Permission.VALIDATE: _STAFF,
    Permission.REFUND: _MANAGERS,
    Permission.REOPEN_PINS: _MANAGERS,
    Permission.READ_ANY_REDEMPTION: _MANAGERS,
    Permission.EDIT_PRODUCTS: _MANAGERS,
    Permission.READ_ABSENCES: _MANAGERS,
    Permission.READ_LEADERBOARD: _STAFF,
    Permission.READ_LEVELS: _STAFF,
    Permission.SET_LEVELS: _MANAGERS,
    Permission.EXPLORE_API: _MANAGERS,
    Permission.REVIEW: _MANAGERS,
    Permission.READ_BUDGET: _MANAGERS,
    Permission.MANAGE_DEVICES: _MANAGERS,
    Permission.SET_PASSCODE: _STAFF,
    Permission.EDIT_PROGRAMS: _MANAGERS,
    Permission.EDIT_PROFILE: frozenset(),
    Permission.READ_OWN_ACCOUNT: frozenset(),
}
# Four digits open these; whatever changes the business asks for the password.
_ON_DEVICES = frozenset(
    {
        Permission.MINT,
        Permission.READ_PANEL,
        Permission.READ_ANY_SESSION,
        Permission.READ_ANY_CARD,
        Permission.VOID,
        Permission.VOID_ANY,
        Permission.VALIDATE,
        Permission.REFUND,
        Permission.REOPEN_PINS,
        Permission.READ_ANY_REDEMPTION,
        Permission.READ_LEADERBOARD,
        Permission.READ_LEVELS,
        Permission.SET_PASSCODE,
    }
)
_CUSTOMERS = frozenset(
    {
        Permission.COLLECT,
        Permission.REDEEM,
        Permission.READ_LEADERBOARD,
        Permission.READ_LEVELS,
        Permission.EDIT_PROFILE,
        Permission.READ_OWN_ACCOUNT,
    }
)


def require(actor: Actor | SystemActor, permission: Permission) -> None:
    """Pass for an actor who may do this; raise NotAllowed for all others.

    The first line of an action: before it, nothing is read and nothing is locked.
    """
    if not isinstance(actor, SystemActor) and not may(actor, permission):
        raise NotAllowed(actor, permission)


def require_own(actor: Actor, permission: Permission, *, is_own: bool) -> None:
    """Pass for the owner of what was just read, and for all who may see anybody's.

    Raises NotFound for the rest: they do not learn that there is such a thing.
    """
    if not is_own and not may(actor, permission):
        raise NotFound


def may(actor: Actor, deed: Permission) -> bool:
    """True when this actor's role allows the deed at all; whose row it is, is asked elsewhere.

    On a device a passcode opens what the counter needs, and nothing else, whatever the role.
    """
    match actor:
        case StaffActor(role=role, device=device):
            return role in _ROLES[deed] and (device is None or deed in _ON_DEVICES)
        case CustomerActor():
            return deed in _CUSTOMERS
        case _:
            return False


def who_may(deed: Permission) -> list[str]:
    """The names of the roles that may do this, the highest first, and `CUSTOMER` where they may."""
    roles = [role.name for role in Role if role in _ROLES[deed]]
    return [*roles, "CUSTOMER"] if deed in _CUSTOMERS else roles


def may_with_password(actor: Actor, deed: Permission) -> bool:
    """True for anybody who is switched on at a device, and may do this when signed in elsewise."""
    match actor:
        case StaffActor(role=role, device=device):
            return device is not None and role in _ROLES[deed] and deed not in _ON_DEVICES
        case _:
            return False


def may_set_passcode_of(actor: StaffActor, *, staff_id: int, role: Role) -> bool:
    """True for one's own passcode, for owners, and for managers where `role` is plain staff.

    A passcode lets its holder act as that person: nobody gains a higher role by setting one, and
    on a device nobody sets another's.
    """
    if actor.id == staff_id:
        return True
    if actor.device is not None:
        return False
    if actor.role is Role.OWNER:
        return True
    return actor.role is Role.MANAGER and role is Role.STAFF
