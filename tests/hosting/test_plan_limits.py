"""A plan and its limits are written together, for every business, up and down."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from config.jobs import limits_all
from hosting.plan_limits import change_plan, differences, limits_of
from loyalty.base.errors import PlanLimit
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import Bonus, Card, Product, Program, ProgramVersion, Settings
from loyalty.programs.beyond_plan import PlanExcess, beyond_plan
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.publish_version import cards_affected, publish_version
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import Switches
from tenants import context
from tenants.models import Business, Plan
from tests.factories import people
from tests.factories.campaigns import FIVE, books_are_right, published, visit
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.refusals import everything
from tests.harness.acting import as_owner
from tests.tenants.operators.test_sign_in import PASSWORD, make_operator

pytestmark = pytest.mark.django_db
NUMBERS = ("max_locations", "max_running_programs", "has_tiered_mode")


def limits(schema: str = "alpha") -> tuple[Any, ...]:
    with context.business(schema):
        found: tuple[Any, ...] = Settings.objects.values_list(*NUMBERS).get()
        return found


def business(schema: str = "alpha") -> Business:
    with context.public():
        found: Business = Business.objects.select_related("plan").get(schema_name=schema)
        return found


def put_on(code: str, schema: str = "alpha") -> None:
    with context.public():
        change_plan(business(schema), Plan.objects.get(pk=code))


@pytest.fixture
def operator() -> Client:
    make_operator("op@example.com")
    browser = Client(headers={"Host": "localhost"})
    form = {"username": "op@example.com", "password": PASSWORD, "next": "/admin/"}
    assert browser.post("/admin/login/", form).status_code == 302
    return browser


def saved(operator: Client, path: str, **fields: object) -> None:
    """Save the form of the admin at this address, with these fields changed."""
    form = operator.get(path).context["adminform"].form
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    values = {**values, **fields}
    values["origins"] = "[]"
    inline = {f"domains-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    sent = {
        name: "" if value is None else value for name, value in values.items() if value is not False
    }
    answer = operator.post(path, {**sent, **inline})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def test_every_plan_up_and_down() -> None:
    for code in ("free", "enterprise", "starter", "network", "business", "free"):
        put_on(code)
        assert business().plan_id == code
        assert limits() == tuple(limits_of(business().plan).values())
    assert not differences()


def test_other_businesses_keep_theirs() -> None:
    before = limits("beta")
    put_on("free")
    assert (limits("beta"), business("beta").plan_id) == (before, "business")


def test_a_suspended_business_too() -> None:
    with context.public():
        Business.objects.filter(schema_name="alpha").update(is_suspended=True)
    put_on("free")
    assert limits() == (1, 1, False)
    assert business().is_suspended


def test_what_fails_changes_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    before = limits()
    monkeypatch.setattr("hosting.plan_limits._write", fail)
    with pytest.raises(LookupError), transaction.atomic():
        put_on("free")
    assert (limits(), business().plan_id) == (before, "network")


def test_a_step_down_lets_the_oldest_run_and_deletes_nothing() -> None:
    older, newer, newest = (Program.objects.get(), *(published(Switches(), name=n) for n in "ab"))
    for program in (older, newer):
        visit(program)
    before = [model.objects.count() for model in (Program, ProgramVersion, Card, Bonus)]
    put_on("free")
    assert [model.objects.count() for model in (Program, ProgramVersion, Card, Bonus)] == before
    visit(older)
    for program in (newer, newest):
        with pytest.raises(PlanLimit) as refused:
            visit(program)
        assert refused.value.details == {"what": "running programs", "limit": 1}
    # When an older one ends, the next has its place.
    Program.objects.filter(pk=older.pk).update(status="paused")
    visit(newer)
    put_on("starter")
    visit(newest)


MENU = (MenuTier("S", ("Soup",)), MenuTier("M", ("Pasta",)))
ONE = Mechanic(BonusModel.QUALIFIED_VISIT, Mode.TIERED, StampMode.PER_VISIT, threshold=2, minimum=1)


def _menu(name: str) -> Program:
    return publish_program(NewProgram(name, "EUR", ONE, menu=MENU), actor=OWNER)


def given(card: Card, product: str) -> str:
    """What became of the card's bonus, of which this product was chosen."""
    chosen = Product.objects.get(program=card.program, name=product)
    actor = as_customer("ann@alpha.example")
    live = request_bonus(BonusRequest(card.pk, product_id=chosen.pk), actor=actor, token_key="k")
    where = place().location_id
    selector = RedemptionSelector(token=live.token)
    decide_redemption(
        selector, RedemptionVerdict.CONFIRMED, location_id=where, actor=as_staff(), ip="192.0.2.1"
    )
    return str(card.bonuses.get().status)


def test_a_tiered_program_keeps_its_promise_after_a_step_down_and_cannot_be_changed() -> None:
    Program.objects.update(status="paused")
    program = _menu("Lunch")
    visit(program, amount=500)
    put_on("free")
    # It counts, gives and is redeemed as it promised.
    assert len(visit(program, amount=500).bonuses) == 1
    assert given(Card.objects.get(program=program), "Pasta") == "used"
    assert visit(program, amount=500).card.progress[0].open == 1
    before = (everything(), list(ProgramVersion.objects.values()))
    # Kinder or not, what the plan has no more is not changed, nor begun.
    for change in (replace(ONE, threshold=1), replace(ONE, threshold=9), ONE):
        for refused in (publish_version, cards_affected):
            with pytest.raises(PlanLimit) as limit:
                refused(program.pk, change, actor=OWNER)
            assert limit.value.details == {"what": "tiered mode"}
    with pytest.raises(PlanLimit):
        _menu("Another")
    assert (everything(), list(ProgramVersion.objects.values())) == before
    # The plan that has it opens it again.
    put_on("starter")
    assert publish_version(program.pk, replace(ONE, threshold=1), actor=OWNER).cards == (1, 0, 1)
    assert books_are_right()


def test_the_people_hear_what_a_step_down_leaves(operator: Client) -> None:
    owner, staff = (Client(headers={"Host": "alpha.localhost"}) for _ in range(2))
    for browser, role in ((owner, Role.OWNER), (staff, Role.STAFF)):
        browser.cookies[settings.PERSON_COOKIE] = people.staff(role).token
    Program.objects.update(status="paused")
    _menu("Lunch <b>")
    published(Switches(), name="Later")
    for browser in (owner, staff):
        assert "Lunch" not in browser.get("/staff").text
    path = f"/admin/tenants/business/{business().pk}/change/"
    saved(operator, path, plan="free")
    for page in (owner.get("/staff").text, operator.get("/admin/").text):
        assert "“Lunch &lt;b&gt;” lets customers choose, which your plan does not include." in page
        assert "“Later” rests: your plan lets fewer programs run" in page
    assert "Lunch" not in staff.get("/staff").text
    saved(operator, path, plan="starter")
    assert "Lunch" not in owner.get("/staff").text


def test_what_is_told_is_what_is_refused() -> None:
    """It rests where no code is made, and is fixed where no version is published: on all plans."""
    Program.objects.update(status="paused")
    with context.public():
        Plan.objects.filter(pk="starter").update(has_tiered_mode=False)
    programs = [_menu("A"), published(Switches(), name="B"), _menu("C")]
    ways = set[PlanExcess | None]()
    for code in ("free", "starter", "business", "network", "enterprise"):
        put_on(code)
        told = {each.name: each.how for each in beyond_plan()}
        for program in programs:
            has_menu = program.name in {"A", "C"}
            rests = _is_refused(partial(visit, program, amount=500 if has_menu else None))
            rules = ONE if has_menu else FIVE
            fixed = _is_refused(partial(publish_version, program.pk, rules, actor=OWNER))
            wanted = PlanExcess.RESTS if rests else PlanExcess.FIXED if fixed else None
            assert told.get(program.name) is wanted, (code, program.name)
            ways.add(wanted)
    assert ways == {None, *PlanExcess}


def _is_refused(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except PlanLimit:
        return True
    return False


def test_the_admin_writes_plan_and_limits(operator: Client) -> None:
    path = f"/admin/tenants/business/{business().pk}/change/"
    saved(operator, path, plan="starter")
    assert (business().plan_id, limits()) == ("starter", (3, 3, True))
    saved(operator, path, name="Another name")
    assert (business().name, limits()) == ("Another name", (3, 3, True))


def test_the_admin_edits_a_plan_for_all_that_are_on_it(
    operator: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    put_on("starter")
    put_on("starter", "beta")
    for programs, tiered in ((9, True), (2, False), ("", True)):
        with django_capture_on_commit_callbacks(execute=True):
            saved(
                operator,
                "/admin/tenants/plan/starter/change/",
                max_running_programs=programs,
                has_tiered_mode=tiered,
            )
        assert limits() == limits("beta") == (3, programs or None, tiered)
        assert not differences()


def test_differences_are_found_and_mended() -> None:
    with context.public():
        Business.objects.filter(schema_name="alpha").update(plan_id="free")
    with context.business("beta"):
        Settings.objects.update(max_locations=None)
    assert set(differences()) == {"alpha", "beta"}
    said = StringIO()
    with context.public(), pytest.raises(CommandError, match="2 businesses differ"):
        call_command("verify_limits", stdout=said, stderr=said)
    assert "alpha has other limits than its plan" in said.getvalue()
    with context.public():
        assert limits_all() == "2 done, 0 failed"
    assert not differences()
    assert limits() == (1, 1, False)
    with context.public():
        Plan.objects.filter(pk="free").update(max_locations=2)
        call_command("verify_limits", "--mend", stdout=said)
    assert limits() == (2, 1, False)


def test_a_business_that_cannot_be_read_is_a_difference() -> None:
    with as_owner():
        Settings.objects.all().delete()
    assert differences() == {"alpha": {}}
