"""All mutations."""

import strawberry

from graphql_api.mutations.collect import collect
from graphql_api.mutations.generate_qr import generate_qr
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
from graphql_api.mutations.sign_in import (
    request_magic_link,
    sign_in_customer,
    sign_in_staff,
    sign_out,
)
from graphql_api.mutations.void_session import void_session


@strawberry.type(description="What callers may do; one mutation a document.")
class Mutation:
    """The root of all writes."""

    generate_q_r = strawberry.mutation(
        generate_qr,
        name="generateQR",
        description="Staff, or an API client with scope `sessions:write`, mints a live QR session;"
        " with `dryRun` only the preview is returned (units 0 and missingForMinimum instead of"
        " BELOW_MINIMUM).",
    )
    collect = strawberry.mutation(
        collect,
        description="The customer confirms a session by its token. Repeating it returns the same"
        " result.",
    )
    request_bonus = strawberry.mutation(
        request_bonus,
        description="The customer opens a redemption for a waiting bonus; within three minutes the"
        " same one is returned.",
    )
    cancel_redemption = strawberry.mutation(
        cancel_redemption,
        description="The customer takes back a redemption; the bonus waits again.",
    )
    validate_redemption = strawberry.mutation(
        validate_redemption,
        description="Staff, or an API client with scope `redemptions:write`, look at (by token or"
        " PIN), confirm or cancel (by the previewed redemption) a redemption.",
    )
    refund_redemption = strawberry.mutation(
        refund_redemption,
        description="A manager takes back a confirmed redemption; the bonus waits again.",
    )
    reopen_pin_entry = strawberry.mutation(
        reopen_pin_entry,
        description="A manager opens PIN entry of a program again after wrong PINs used up its"
        " day's budget; the budget starts anew. While it is open nothing changes.",
    )
    void_session = strawberry.mutation(
        void_session,
        description="Staff undo their own session within ten minutes, managers any with a reason;"
        " an open or queued one simply dies.",
    )
    set_birthday = strawberry.mutation(
        set_birthday,
        description="The customer says when their birthday is, or removes it. The first one counts"
        " at once, another one 30 days later and at most once a year.",
    )
    set_nickname = strawberry.mutation(
        set_nickname,
        description="The customer joins the leaderboard under a nickname; an empty one leaves it.",
    )
    set_levels = strawberry.mutation(
        set_levels,
        description="A manager replaces the ladder of levels. A level that stays keeps its holders;"
        " nobody is lifted by a change, only by their next visit.",
    )
    review_anomaly = strawberry.mutation(
        review_anomaly,
        description="A manager approves a finding of the review list, or takes back every session"
        " of its evidence; the first decision stands.",
    )
    request_magic_link = strawberry.mutation(
        request_magic_link,
        description="Sends a sign-in link and a code; the answer never tells whether the address"
        " is known.",
    )
    sign_in_customer = strawberry.mutation(
        sign_in_customer,
        description="Signs a customer in by link or code; the client that asked may repeat it.",
    )
    sign_in_staff = strawberry.mutation(
        sign_in_staff, description="Signs a staff member in with e-mail and password."
    )
    sign_out = strawberry.mutation(
        sign_out, description="Ends the token of this request; true when it was a live one."
    )
