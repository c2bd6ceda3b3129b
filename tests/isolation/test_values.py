"""What one business gave out means nothing at another."""

import asyncio
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from demo.outbox import mail_backend
from graphql_api.live.bus import Bus, News
from loyalty.base.errors import CodeUnknown, NotFound, RateLimited, SignInFailed
from loyalty.base.values import Anonymous, CustomerActor, Role
from loyalty.db import announce as announcements
from loyalty.db.announce import announce
from loyalty.devices.sign_in_staff import ShownTokens, sign_in_staff
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.guards.limits import PASSWORDS_PERSON_HERE
from loyalty.people.known_browsers import known_browser
from loyalty.people.viewer import viewer
from loyalty.sessions.live_session import live_session
from loyalty.waiting.sign_in_customer import SignInProof, sign_in_customer
from tenants import context
from tests.factories import people
from tests.factories.people import OWNER
from tests.factories.using_up import use_up

KEY = "a token key"


def _minted(idempotency_key: str | None = None) -> tuple[int, str]:
    where = people.place()
    made = mint(
        SaleInput(where.program_id, where.location_id),
        actor=people.as_staff(),
        token_key=KEY,
        idempotency_key=idempotency_key,
    )
    assert made.token
    return made.id, made.token


@pytest.mark.django_db
def test_access_tokens() -> None:
    tokens = [people.staff().token, people.customer("ann@alpha.example").token]
    with context.business("beta"):
        assert [viewer(token) for token in tokens] == [Anonymous(), Anonymous()]
    assert Anonymous() not in [viewer(token) for token in tokens]


@pytest.mark.django_db
def test_session_tokens() -> None:
    number, token = _minted()
    with context.business("beta"):
        ann = people.customer("ann@beta.example")
        with pytest.raises(CodeUnknown):
            collect(token, actor=CustomerActor(ann.id), ip="")
        with pytest.raises(NotFound):
            live_session(number, token_key=KEY, actor=OWNER)
    ann = people.customer("ann@alpha.example")
    assert collect(token, actor=CustomerActor(ann.id), ip="").session_id == number


@pytest.mark.django_db
def test_idempotency_keys() -> None:
    made = {}
    for schema in ("alpha", "beta"):
        with context.business(schema):
            made[schema] = _minted("the same key")
            assert _minted("the same key") == made[schema]
    assert made["alpha"][0] != made["beta"][0]


@pytest.mark.django_db
def test_passwords() -> None:
    with context.business("beta"), pytest.raises(SignInFailed):
        sign_in_staff("owner@alpha.example", people.PASSWORD, where=ShownTokens(""))
    assert (
        sign_in_staff("owner@alpha.example", people.PASSWORD, where=ShownTokens("")).staff.name
        == "Owner"
    )


@pytest.mark.django_db
def test_wrong_passwords_close_one_business_only() -> None:
    with context.business("beta"):
        use_up(PASSWORDS_PERSON_HERE, "9.9.9.9 owner@alpha.example")
        with pytest.raises(RateLimited):
            sign_in_staff("owner@alpha.example", "wrong", where=ShownTokens("9.9.9.9"))
    assert sign_in_staff("owner@alpha.example", people.PASSWORD, where=ShownTokens("9.9.9.9"))


@pytest.mark.django_db
def test_known_browsers() -> None:
    with context.business("beta"):
        found = sign_in_staff("owner@beta.example", people.PASSWORD, where=ShownTokens("9.9.9.9"))
        assert found.browser
        assert known_browser([found.browser], staff_id=found.staff.pk)
    # The same number is another person here.
    here = people.staff(Role.OWNER).id
    assert known_browser([found.browser], staff_id=here) is None
    assert known_browser([found.browser], staff_id=found.staff.pk) is None


@pytest.mark.django_db
def test_claims_and_links() -> None:
    for proof in (
        SignInProof(link_token="x", claims=("y",)),
        SignInProof(code="123456", claims=("y",)),
    ):
        with context.business("beta"), pytest.raises(SignInFailed):
            sign_in_customer(proof, token_key=KEY, ip="")


def test_outbox_folders(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO_DIR = tmp_path
    for schema in ("alpha", "beta"):
        with context.business(schema):
            mail = EmailMessage(f"canary of {schema}", "text", "a@x.example", ["b@x.example"])
            mail_backend.OutboxBackend().send_messages([mail])
    for schema in ("alpha", "beta"):
        with context.business(schema):
            subjects = [str(mail["Subject"]) for mail in mail_backend.kept()]
            assert subjects == [f"canary of {schema}"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/staff", "/card/1", "/outbox", "/graphql"])
def test_cookies(path: str, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = settings.DEMO_DIR = tmp_path
    for token in (people.staff().token, people.customer("ann@alpha.example").token):
        browser = Client(headers={"Host": "beta.localhost", "Accept": "text/html"})
        nobody = browser.get(path)
        browser.cookies[settings.PERSON_COOKIE] = token
        as_alpha = browser.get(path)
        assert as_alpha.status_code == nobody.status_code
        assert b"lpha" not in as_alpha.content


@pytest.mark.django_db
def test_a_cookie_is_for_its_host_alone(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    browser = Client(headers={"Host": "alpha.localhost"})
    form = {"email": "owner@alpha.example", "password": people.PASSWORD}
    answer = browser.post("/sign-in", form)
    cookie = answer.cookies[settings.PERSON_COOKIE]
    assert cookie["domain"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


async def _heard(told: list[tuple[str, str]]) -> dict[str, News]:
    parameters = announcements._this_process()._parameters  # noqa: SLF001  where it really goes
    bus = Bus(parameters)
    found: dict[str, News] = {}
    async with bus.subscribed("alpha", "card:1") as alpha, bus.subscribed("beta", "card:1") as beta:
        for schema, topic in told:
            with context.business(schema):
                announce(topic, {"canary": schema})
        # The last news of all says that those before were delivered or never will be.
        async with bus.subscribed("alpha", "last") as last:
            announce("last", {})
            await asyncio.wait_for(last.get(), 10)
        for schema, news in (("alpha", alpha), ("beta", beta)):
            while not news.empty():
                item = news.get_nowait()
                if "resync" not in item:
                    assert schema not in found
                    found[schema] = item
    assert bus._task  # noqa: SLF001  ended with its loop
    bus._task.cancel()  # noqa: SLF001  the same
    return found


@pytest.mark.usefixtures("django_db_setup", "unblocked")
def test_live_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "_notifier", None)
    assert asyncio.run(_heard([("beta", "card:1")])) == {"beta": {"canary": "beta"}}
    both = asyncio.run(_heard([("alpha", "card:1"), ("beta", "card:1"), ("beta", "card:2")]))
    assert both == {"alpha": {"canary": "alpha"}, "beta": {"canary": "beta"}}


def test_a_notice_names_its_business() -> None:
    heard: list[str] = []

    class Silent:
        def tell(self, news: str) -> None:
            heard.append(news)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(announcements, "_this_process", Silent)
        with context.business("beta"):
            announce("session:1", {})
    assert json.loads(heard[0])["schema"] == "beta"
    assert settings.CACHES["default"]["KEY_FUNCTION"] == "tenants.cache.key_with_schema"
