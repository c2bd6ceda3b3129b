"""A plan and its limits are written together, for every business, up and down."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from config.jobs import limits_all
from console.plans.limits import change_plan, differences, limits_of
from loyalty.errors import PlanLimit
from loyalty.models import Bonus, Card, Program, ProgramVersion, Settings
from loyalty.switches import Switches
from tenants import context
from tenants.models import Business, Plan
from tests.acting import as_owner
from tests.campaigns import published, visit
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
    monkeypatch.setattr("console.plans.limits._write", fail)
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
