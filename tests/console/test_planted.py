"""A claim that a sibling host planted in a browser: its planter learns and loses nothing for us."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from console.cookies import claims_of
from loyalty.models import QueuedSession
from tests.console.conftest import NewBrowser

pytestmark = pytest.mark.django_db
Scanned = Callable[[], str]
Mailed = Callable[[str], tuple[str, str]]
EVE, PLANTER = "eve@example.org", "planter@example.org"


def claim_in(browser: Client) -> str:
    return browser.cookies[settings.CLAIM_COOKIE].value


def planted(planter: Client, path: str) -> str:
    """A claim of the planter's own: real, and with a mail that is on its way."""
    planter.post(path, {"email": PLANTER})
    return claim_in(planter)


@pytest.mark.parametrize("way_in", ["home", "scan"])
@pytest.mark.parametrize("where", ["home", "scan"])
def test_it_reads_and_corrects_nothing(
    way_in: str, where: str, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    planter, victim, path = new_browser(), new_browser(), scanned()
    claim = planted(planter, "/" if way_in == "home" else scanned())
    victim.cookies[settings.CLAIM_COOKIE] = claim
    assert victim.post("/" if where == "home" else path, {"email": EVE}).status_code == 303
    assert EVE in victim.get("/" if where == "home" else path).text
    # The planter's browser, at the pages that a browser with our claim is shown.
    for page in ("/", path, mailed(EVE)[0]):
        assert EVE not in planter.get(page).text
    planter.post(path, {"email": PLANTER})
    if where == "scan":
        assert QueuedSession.objects.filter(email=EVE).count() == 1
    link, code = mailed(EVE)
    assert planter.post("/code", {"code": code}).status_code == 422
    assert planter.post(link).status_code == 422
    # The victim is not locked out, by code and by link.
    answer = victim.post("/code" if where == "home" else f"{path}/code", {"code": code})
    assert answer.status_code == 303
    assert victim.post(link).status_code == 303


class Cookies:
    """A request with nothing but this header."""

    def __init__(self, header: str) -> None:
        self.META = {"HTTP_COOKIE": header}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", ()),
        ("claim=a", ("a",)),
        ("claim=planted; claim=a.b", ("planted", "a", "b")),
        ("claim=a.b; x=1;claim=planted", ("a", "b", "planted")),
        ('claim="a"; claim=; claim=..; other=c; xclaim=d', ("a",)),
        ("claim=a.a; claim=a", ("a",)),
    ],
)
def test_every_cookie_of_the_name_is_read(header: str, found: tuple[str, ...]) -> None:
    assert claims_of(Cookies(header)) == found  # type: ignore[arg-type]  # all that it reads


def test_a_cookie_that_shadows_ours_hides_nothing(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    path = scanned()
    anybody.post(path, {"email": EVE})
    mine, code = claim_in(anybody), mailed(EVE)[1]
    claim = planted(new_browser(), "/")
    bare = new_browser()
    for header in (f"claim={claim}; claim={mine}", f"claim={mine}; claim={claim}"):
        assert EVE in bare.get(path, headers={"cookie": header}).text
    answer = bare.post(f"{path}/code", {"code": code}, headers={"cookie": header})
    assert answer.status_code == 303


def test_many_planted_ones_do_not_crowd_out_the_session_s_own(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    path = scanned()
    anybody.post(path, {"email": EVE})
    mine, code = claim_in(anybody), mailed(EVE)[1]
    claims = []
    for number in range(10):
        planter = new_browser()
        planter.post(scanned(), {"email": f"planter{number}@example.org"})
        claims.append(claim_in(planter))
    header = "; ".join(f"claim={claim}" for claim in [*claims, mine])
    answer = new_browser().post(f"{path}/code", {"code": code}, headers={"cookie": header})
    assert answer.status_code == 303


def test_a_browser_waits_for_several_visits(
    anybody: Client, scanned: Scanned, mailed: Mailed
) -> None:
    paths = [scanned() for _ in range(3)]
    for number, path in enumerate(paths):
        anybody.post(path, {"email": f"eve{number}@example.org"})
    for number, path in enumerate(paths):
        assert f"eve{number}@example.org" in anybody.get(path).text
        assert anybody.post(path, {"email": f"ada{number}@example.org"}).status_code == 303
        assert f"ada{number}@example.org" in anybody.get(path).text
    assert len(claim_in(anybody).split(".")) == 3
    answer = anybody.post(f"{paths[0]}/code", {"code": mailed("ada0@example.org")[1]})
    assert answer.status_code == 303
