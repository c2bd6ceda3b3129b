"""Signing in and out: by mail for customers, by password for staff."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api.context import Context, Info
from graphql_api.errors import Refusal, refusal
from graphql_api.mutations.answered import answered, reader_of
from graphql_api.types import people
from graphql_api.types.people import MagicLinkSent, SignedIn
from graphql_api.types.session import all_collected
from loyalty.base.errors import InvalidInput
from loyalty.base.values import CustomerActor, Role
from loyalty.devices import ShownTokens, SignedInStaff
from loyalty.devices import sign_in_staff as sign_in_by_password
from loyalty.people import profile
from loyalty.people import sign_out as end_token
from loyalty.waiting import LinkAsker, SignInProof, request_link
from loyalty.waiting import sign_in_customer as sign_in_by_mail

_BROWSER = (
    "The `browserToken` of this person's earlier sign-in in this client: what strangers try then"
    " closes nothing here."
)


@strawberry.input(description="Who wants to sign in.")
class RequestMagicLinkInput:
    """An address."""

    email: str = strawberry.field(
        description="The address to which the link and the code are sent."
    )
    browser_token: str | None = strawberry.field(default=None, description=_BROWSER)


@strawberry.input(
    description="Give `linkToken` (with `claim`, or with the whole `email`), or `code` with"
    " `claim`."
)
class SignInCustomerInput:
    """A proof of having read the mail."""

    link_token: str | None = strawberry.field(
        default=None, description="The token of the mail's link; it can be used for 24 hours."
    )
    code: str | None = strawberry.field(
        default=None,
        description="The mail's six digits; they can be used for 10 minutes, with 5 tries.",
    )
    email: str | None = strawberry.field(
        default=None, description="The whole address, where the client that asked is another one."
    )
    claim: str | None = strawberry.field(
        default=None, description="The `claim` of the answer to the request for the mail."
    )
    browser_token: str | None = strawberry.field(default=None, description=_BROWSER)


@strawberry.input(description="A staff member's credentials.")
class SignInStaffInput:
    """E-mail, password and, where it is required, a second factor."""

    email: str = strawberry.field(description="The e-mail address of the staff member.")
    password: str = strawberry.field(description="The password of the staff member.")
    otp: str | None = strawberry.field(
        default=None, description="The second factor's digits; not asked for yet."
    )
    browser_token: str | None = strawberry.field(default=None, description=_BROWSER)


RequestMagicLinkResult: TypeAlias = Annotated[
    MagicLinkSent | Refusal,
    strawberry.union("RequestMagicLinkResult", description="A mail is sent, or why not."),
]
SignInCustomerResult: TypeAlias = Annotated[
    SignedIn | Refusal,
    strawberry.union("SignInCustomerResult", description="A token, or why there is none."),
]
SignInStaffResult: TypeAlias = Annotated[
    SignedIn | Refusal,
    strawberry.union("SignInStaffResult", description="A token, or why there is none."),
]


def request_magic_link(info: Info, input: RequestMagicLinkInput) -> RequestMagicLinkResult:  # noqa: A002  the API's word
    """Send a link and a code; the answer is the same for known and unknown addresses."""

    def work(context: Context) -> MagicLinkSent:
        who = LinkAsker(context.ip, context.language, browsers=_known(input.browser_token))
        claim = request_link(input.email, who=who, token_key=settings.TOKEN_KEY)
        return MagicLinkSent(email_shown=input.email, claim=claim)

    return answered(info, input, work)


def sign_in_customer(info: Info, input: SignInCustomerInput) -> SignInCustomerResult:  # noqa: A002  the API's word
    """Sign in by link or code; sessions queued for the address are granted."""

    def work(context: Context) -> SignedIn:
        found = sign_in_by_mail(_proof(input), token_key=settings.TOKEN_KEY, ip=context.ip)
        site_url, customer = context.business.site_url, CustomerActor(found.customer_id)
        reader = reader_of(input) if found.refused else None
        return SignedIn(
            access_token=found.access.token,
            expires_at=found.access.expires_at,
            viewer=people.customer(profile(actor=customer), site_url=site_url),
            granted=all_collected(found.granted, site_url=site_url),
            refused=[refusal(refused, reader) for refused in found.refused],
            browser_token=found.browser,
        )

    return answered(info, input, work)


def _proof(given: SignInCustomerInput) -> SignInProof:
    if not given.link_token and not given.code:
        raise InvalidInput(details={"field": "linkToken", "reason": "missing"})
    # A code opens for the client that asked alone, a link for anybody who knows the whole address
    # too.
    if not given.claim and not (given.link_token and given.email):
        raise InvalidInput(details={"field": "claim", "reason": "missing"})
    claims = (given.claim,) if given.claim else ()
    browsers = _known(given.browser_token)
    return SignInProof(given.link_token, given.code, claims, given.email, browsers=browsers)


def sign_in_staff(info: Info, input: SignInStaffInput) -> SignInStaffResult:  # noqa: A002  the API's word
    """Sign in with e-mail and password."""

    def work(context: Context) -> SignedIn:
        # A paired device sends its token as the caller's.
        devices = (context.browser, context.bearer)
        where = ShownTokens(context.ip, browsers=_known(input.browser_token), devices=devices)
        return signed_in_staff(sign_in_by_password(input.email, input.password, where=where))

    return answered(info, input, work)


def signed_in_staff(found: SignedInStaff) -> SignedIn:
    """The answer to a staff member's sign-in."""
    member = found.staff
    return SignedIn(
        access_token=found.access.token,
        expires_at=found.access.expires_at,
        viewer=people.staff_member(member.pk, name=member.name, role=Role(member.role)),
        granted=[],
        refused=[],
        browser_token=found.browser,
    )


def _known(token: str | None) -> tuple[str, ...]:
    return (token,) if token else ()


def sign_out(info: Info) -> bool:
    """End the token of this request; true when it was a live one."""
    bearer = info.context.bearer
    return bearer is not None and end_token(bearer)
