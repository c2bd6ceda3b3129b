"""All mutations."""

from collections.abc import Callable
from typing import Any

import strawberry

from graphql_api.mutations.change_device import rename_device, revoke_device, unlock_device
from graphql_api.mutations.collect import collect
from graphql_api.mutations.generate_qr import generate_qr
from graphql_api.mutations.pair_device import create_pairing_code, pair_device
from graphql_api.mutations.profile import set_birthday, set_nickname
from graphql_api.mutations.redeem import (
    cancel_redemption,
    refund_redemption,
    request_bonus,
    validate_redemption,
)
from graphql_api.mutations.reopen_pins import reopen_pin_entry
from graphql_api.mutations.review_anomaly import review_anomaly
from graphql_api.mutations.set_levels import set_levels
from graphql_api.mutations.set_passcode import set_passcode
from graphql_api.mutations.sign_in import (
    request_magic_link,
    sign_in_customer,
    sign_in_staff,
    sign_out,
)
from graphql_api.mutations.sign_in_on_device import sign_in_on_device
from graphql_api.mutations.void_session import void_session


def _mutation(resolver: Callable[..., Any], **shown: Any) -> Any:
    """A mutation, whose `input` is described by the sentence of its type."""
    field: Any = strawberry.mutation(resolver, **shown)
    for argument in field.base_resolver.arguments:
        argument.description = argument.type.__strawberry_definition__.description
    return field


@strawberry.type(description="What callers may do; one mutation a document.")
class Mutation:
    """The root of all writes."""

    generate_q_r = _mutation(
        generate_qr,
        name="generateQR",
        description="Staff, or an API client with scope `sessions:write`, mints a live QR session;"
        " with `dryRun` only the preview is returned (units 0 and missingForMinimum instead of"
        " BELOW_MINIMUM).",
    )
    collect = _mutation(
        collect,
        description="The customer confirms a session by its token. Repeating it returns the same"
        " result.",
    )
    request_bonus = _mutation(
        request_bonus,
        description="The customer opens a redemption for a waiting bonus; within three minutes the"
        " same one is returned, live for 90 seconds again.",
    )
    cancel_redemption = _mutation(
        cancel_redemption,
        description="The customer takes back a redemption; the bonus waits again.",
    )
    validate_redemption = _mutation(
        validate_redemption,
        description="Staff, or an API client with scope `redemptions:write`, look at (by token or"
        " PIN), confirm or cancel (by the previewed redemption) a redemption.",
    )
    refund_redemption = _mutation(
        refund_redemption,
        description="An owner or manager takes back a confirmed redemption; the bonus waits again,"
        " or is gone if what it was given for was taken back meanwhile.",
    )
    reopen_pin_entry = _mutation(
        reopen_pin_entry,
        description="An owner or manager opens PIN entry of a program again after wrong PINs used"
        " up its day's budget; the budget starts anew. While it is open nothing changes.",
    )
    void_session = _mutation(
        void_session,
        description="Staff undo their own session within ten minutes, owners and managers any with"
        " a reason; an open or queued one simply dies.",
    )
    set_birthday = _mutation(
        set_birthday,
        description="The customer says when their birthday is, or removes it. The first one counts"
        " at once, another one 30 days later and at most once a year.",
    )
    set_nickname = _mutation(
        set_nickname,
        description="The customer joins the leaderboard under a nickname; an empty one leaves it.",
    )
    set_levels = _mutation(
        set_levels,
        description="An owner or manager replaces the ladder of levels that they read. A level that"
        " stays keeps its holders; nobody is lifted by a change, only by their next visit.",
    )
    review_anomaly = _mutation(
        review_anomaly,
        description="An owner or manager approves a finding of the review list, or takes back every"
        " session of its evidence; the first decision stands.",
    )
    request_magic_link = _mutation(
        request_magic_link,
        description="Sends a sign-in link and a code; the answer never tells whether the address"
        " is known.",
    )
    sign_in_customer = _mutation(
        sign_in_customer,
        description="Signs a customer in by link or code; the client that asked may repeat it.",
    )
    sign_in_staff = _mutation(
        sign_in_staff, description="Signs a staff member in with e-mail and password."
    )
    sign_in_on_device = _mutation(
        sign_in_on_device,
        description="A staff member switches on a paired device by passcode; the request carries"
        " the device's token. Whoever was switched on there before is not any more.",
    )
    pair_device = _mutation(
        pair_device,
        description="An owner's or manager's one-time pairing code turns this client into a counter"
        " device.",
    )
    create_pairing_code = _mutation(
        create_pairing_code,
        description="An owner or manager makes a code that pairs one device at a location; it is"
        " good for ten minutes.",
    )
    rename_device = _mutation(
        rename_device, description="An owner or manager gives a device another name."
    )
    unlock_device = _mutation(
        unlock_device,
        description="An owner or manager lets a device take passcodes again after five wrong ones.",
    )
    revoke_device = _mutation(
        revoke_device,
        description="An owner or manager takes a device out of use: neither its token nor that of"
        " whoever is switched on there is good any more.",
    )
    set_passcode = _mutation(
        set_passcode,
        description="A staff member sets the passcode with which they switch on devices; managers"
        " set those of staff, owners anybody's.",
    )
    sign_out = _mutation(
        sign_out, description="Ends the token of this request; true when it was a live one."
    )
