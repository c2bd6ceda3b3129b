"""What holders of a token hear that was good once, and what strangers do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from graphql_api.denied import not_allowed
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor, AtDevice, CustomerActor, Role, StaffActor
from loyalty.devices.revoke_device import revoke_device
from loyalty.expiry.prune import prune
from loyalty.models import StaffMember
from loyalty.people.sign_out import sign_out
from tenants import context
from tests.factories import people
from tests.factories.counter import Till, till
from tests.factories.device_operations import CODE, LIST, PRESETS, SELF
from tests.factories.people import as_staff
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
UNKNOWN = ("This token is not valid here. Sign in again.", "unknown_token")
NO_BEARER = ("The authorization must be the text: Bearer TOKEN.", "no_bearer")
NO_DEVICE = ("This is not the token of a paired device. Pair this one first.", "not_a_device")
GONE = ("This device was taken out of use. Pair it again.", "device_revoked")


def leave() -> None:
    StaffMember.objects.filter(pk=as_staff().id).update(is_active=False)


def revoked() -> Till:
    gone = till("Gone")
    revoke_device(gone.id, actor=as_staff(Role.OWNER))
    return gone


def test_a_revoked_device_and_whoever_was_on_there() -> None:
    gone = till("Gone")
    on = gone.on()
    revoke_device(gone.id, actor=as_staff(Role.OWNER))
    for token, query in ((gone.token, SELF), (gone.token, PRESETS), (on, PRESETS)):
        found = told(query, token=token)
        assert (found.codes, found.said) == ({"UNAUTHENTICATED"}, GONE)


def test_people_who_are_off(move_clock: Move) -> None:
    at, signed_in = till(), people.staff().token
    first = at.on()
    second = at.on(Role.MANAGER)
    assert told(PRESETS, token=first).said[1] == "switched_off"
    assert told(PRESETS, token=at.token).said[1] == "nobody_on"
    sign_out(signed_in)
    assert told(PRESETS, token=signed_in).said == (
        "You were signed out. Sign in again.",
        "signed_out",
    )
    move_clock(timedelta(hours=5))
    assert told(PRESETS, token=second).said[1] == "expired"
    third = at.on()
    leave()
    assert told(PRESETS, token=third).said[1] == "left"


def test_who_sends_none_and_who_sends_no_token_hear_so() -> None:
    assert told(PRESETS, token=None).said == ("Sign in first.", "")
    assert told(SELF, token=None).said == ("Send the token of a paired device.", "")
    for query in (PRESETS, SELF):
        assert told(query, token="").said == NO_BEARER


def test_all_others_hear_one_answer(move_clock: Move) -> None:
    """A token that nobody has, one of another business, in whatever state, and one long over."""
    over, lone, at = people.staff().token, "\ud800", till()
    with context.business("beta"):
        gone, ended = revoked().token, people.staff().token
        sign_out(ended)
        foreign = [gone, ended, people.staff().token, people.customer("bo@beta.example").token]
    move_clock(timedelta(days=40))
    prune()
    for token in (*foreign, over, lone, "x", "x" * 43, at.token[:-1], at.token + "A"):
        for query in (PRESETS, LIST, "{ me { __typename } }"):
            found = told(query, token=token)
            assert (found.codes, found.said) == ({"UNAUTHENTICATED"}, UNKNOWN), query
        assert told(SELF, token=token).said == NO_DEVICE


def test_no_device_s_token_where_one_is_asked_for() -> None:
    assert told(SELF, token=people.staff().token).said == NO_DEVICE
    assert told(SELF, token=till().on()).said == NO_DEVICE


def test_a_manager_by_passcode_hears_that_the_password_is_needed() -> None:
    token = till().on(Role.MANAGER)
    for found in (told(LIST, token=token), told(CODE, token=token, input={"locationId": "x"})):
        assert found.codes == {"FORBIDDEN"}
        assert found.said[0].startswith("This needs a sign-in with e-mail and password")
        assert found.said[1] == "password_needed"
    # It would not open it for these.
    for other in (till("Two").on(), people.staff().token):
        found = told(LIST, token=other)
        assert found.codes == {"FORBIDDEN"}
        assert found.said == ("This is for owners and managers.", "role_needed")


@pytest.mark.parametrize("deed", Permission)
def test_each_role_refusal_says_who_may(deed: Permission) -> None:
    """For every deed and everybody who may not: the roles named are those that may."""
    every: list[Actor] = [StaffActor(1, role, "x") for role in Role]
    every += [CustomerActor(1), StaffActor(1, Role.STAFF, "x", AtDevice(1, 1))]
    for actor in every:
        if access.may(actor, deed) or access.may_with_password(actor, deed):
            continue
        said = not_allowed(actor, deed, language="en")
        extensions = said.extensions or {}
        named = set(extensions["roles"])
        assert (extensions["code"], extensions["reason"]) == ("FORBIDDEN", "role_needed")
        able = {role.name for role in Role if access.may(StaffActor(1, role, "x"), deed)}
        able |= {"CUSTOMER"} if access.may(CustomerActor(1), deed) else set()
        assert named == able
        assert said.message.startswith("This is for ")
        words = {"OWNER": "owner", "STAFF": "people who work here", "CUSTOMER": "customer"}
        for role, word in words.items():
            is_said = word in said.message or (role == "OWNER" and "STAFF" in named)
            assert is_said is (role in named), said.message


def test_introspection_says_what_is_missing() -> None:
    query = "{ __schema { queryType { name } } }"
    with context.business("beta"):
        found = told(query, token=people.staff(Role.OWNER).token)
        assert found.codes == {"FORBIDDEN"}
        assert found.said[0].startswith(
            "Your plan does not include GraphiQL and introspection: Network does."
        )
        assert found.said[1] == "plan_needed"
    for token in (None, people.staff().token, people.customer("ann@alpha.example").token):
        found = told(query, token=token)
        assert (found.codes, found.said[1]) == ({"FORBIDDEN"}, "role_needed")
