"""What tests of the history import do again and again."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps

from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.importing.import_report import ImportReport
from loyalty.models import Card, Counter, EarnSession, Program
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program, usual_surplus
from loyalty.switches import NONE, Switches
from tests.factories.people import OWNER

SAMPLE = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"


def spend_total(threshold: int = 10_000, *, currency: str = "USD", **more: Any) -> Program:
    """A running program that adds up money."""
    model = BonusModel.CUMULATIVE_SPEND
    rules = Mechanic(
        model, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold, surplus=usual_surplus(model)
    )
    return publish_program(
        NewProgram("Spend", currency, rules, gives="A disc", **more), actor=OWNER
    )


def stamp_spend(step: int = 500, *, switches: Switches = NONE, **more: Any) -> Program:
    """A running program with a stamp for each step, ten for a disc."""
    numbers = {"threshold": 10, "step": step, **more}
    rules = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, **numbers)
    return publish_program(
        NewProgram("Stamps", "USD", rules, gives="A disc", switches=switches), actor=OWNER
    )


def counting(
    stamp_mode: StampMode = StampMode.PER_VISIT,
    *,
    minimum: int | None = None,
    menu: tuple[MenuTier, ...] = (),
) -> Program:
    """A running program that counts visits or pieces, ten for a disc."""
    model = BonusModel.STAMP_COUNT if minimum is None else BonusModel.QUALIFIED_VISIT
    mode, gives = (Mode.TIERED, "") if menu else (Mode.SIMPLE, "A disc")
    rules = Mechanic(model, mode, stamp_mode, 10, minimum=minimum)
    return publish_program(NewProgram("Visits", "USD", rules, gives=gives, menu=menu), actor=OWNER)


def importing(folder: Path, text: str | bytes, program: Program, **more: Any) -> ImportReport:
    """Import a file with this text."""
    path = folder / "history.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    is_trial = more.pop("is_trial", False)
    return import_history(ImportRequest(path, str(program.pk), **more), is_trial=is_trial)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the active business."""
    return {
        model.__name__: sorted(model._default_manager.values(), key=str)  # noqa: SLF001  Django's own word
        for model in apps.get_app_config("loyalty").get_models(include_auto_created=True)
    }


def card_of(email: str, program: Program) -> tuple[int, int, int]:
    """Visits, open units and bonuses that wait."""
    card = Card.objects.get(customer__email=email, program=program)
    counter = Counter.objects.get(card=card)
    return card.visits, counter.open, card.bonuses.filter(status="waiting").count()


def times_of(email: str) -> list[datetime]:
    """When the customer's visits were, in UTC."""
    visits = EarnSession.objects.filter(customer__email=email).order_by("collected_at")
    return [at for at in visits.values_list("collected_at", flat=True) if at]
