"""Which role may do what."""

from enum import StrEnum

from loyalty.base.values import Actor, CustomerActor, Role, StaffActor


class Deed(StrEnum):
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


_MANAGERS = frozenset({Role.OWNER, Role.MANAGER})
_STAFF = frozenset(Role)
_ROLES: dict[Deed, frozenset[Role]] = {
    Deed.MINT: _STAFF,
    Deed.COLLECT: frozenset(),
    Deed.READ_PANEL: _STAFF,
    Deed.READ_ANY_SESSION: _MANAGERS,
    Deed.READ_ANY_CARD: _MANAGERS,
    Deed.VOID: _STAFF,
    Deed.VOID_ANY: _MANAGERS,
    Deed.REDEEM: frozenset(),
    Deed.VALIDATE: _STAFF,
    Deed.REFUND: _MANAGERS,
    Deed.REOPEN_PINS: _MANAGERS,
    Deed.READ_ANY_REDEMPTION: _MANAGERS,
    Deed.EDIT_PRODUCTS: _MANAGERS,
    Deed.READ_ABSENCES: _MANAGERS,
    Deed.READ_LEADERBOARD: _STAFF,
    Deed.READ_LEVELS: _STAFF,
    Deed.SET_LEVELS: _MANAGERS,
    Deed.EXPLORE_API: _MANAGERS,
    Deed.REVIEW: _MANAGERS,
    Deed.READ_BUDGET: _MANAGERS,
    Deed.MANAGE_DEVICES: _MANAGERS,
    Deed.SET_PASSCODE: _STAFF,
}
# Four digits open these; whatever changes the business asks for the password.
_ON_DEVICES = frozenset(
    {
        Deed.MINT,
        Deed.READ_PANEL,
        Deed.READ_ANY_SESSION,
        Deed.READ_ANY_CARD,
        Deed.VOID,
        Deed.VOID_ANY,
        Deed.VALIDATE,
        Deed.REFUND,
        Deed.REOPEN_PINS,
        Deed.READ_ANY_REDEMPTION,
        Deed.READ_LEADERBOARD,
        Deed.READ_LEVELS,
        Deed.SET_PASSCODE,
    }
)
_CUSTOMERS = frozenset({Deed.COLLECT, Deed.REDEEM, Deed.READ_LEADERBOARD, Deed.READ_LEVELS})


def may(actor: Actor, deed: Deed) -> bool:
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


def who_may(deed: Deed) -> list[str]:
    """The names of the roles that may do this, the highest first, and `CUSTOMER` where they may."""
    roles = [role.name for role in Role if role in _ROLES[deed]]
    return [*roles, "CUSTOMER"] if deed in _CUSTOMERS else roles


def may_with_password(actor: Actor, deed: Deed) -> bool:
    """True for whoever is switched on at a device, and may do this when signed in elsewise."""
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
