"""Lines that an earlier release wrote read right, and are written as it wrote them.

The stored details are copied out of logs that the release before had written, one of each shape.
"""

import json
from datetime import UTC, datetime

import pytest

from loyalty.base.events import EventKind
from loyalty.base.values import SaleLine
from loyalty.events.debts import DebtLift, OwedFigures
from loyalty.events.details import NOT_SAID, EventDetails
from loyalty.events.devices import (
    DeviceLockedDetails,
    DevicePairedDetails,
    DeviceRevokedDetails,
    DeviceUnlockedDetails,
    PasscodeSetDetails,
    PasscodeWrongDetails,
)
from loyalty.events.people import AbsentDetails, LevelsSetDetails, ReviewedDetails
from loyalty.events.redemptions import (
    CancelledDetails,
    ConfirmedDetails,
    PinClosedDetails,
    PinReopenedDetails,
    RefundedDetails,
    RequestedDetails,
)
from loyalty.events.refusals import RefusedDetails
from loyalty.events.registry import DETAILS, details_of
from loyalty.events.sales import (
    CollectedDetails,
    ExpiredDetails,
    MintedDetails,
    QueuedDetails,
    RecountedDetails,
    VoidedDetails,
)
from loyalty.events.undone import CounterDebt, NumberChange, UndoResult

NOTHING_OWED = '{"units": [], "bonuses": 0, "streaks": 0}'
STORED: list[tuple[str, EventDetails]] = [
    ("null", MintedDetails()),
    (
        '{"lines": [{"quantity": 1, "product_id": 62}]}',
        MintedDetails((SaleLine(product_id=62, quantity=1),)),
    ),
    ("null", QueuedDetails()),
    ('{"ladder": null, "bonuses": []}', CollectedDetails(levels_set_by=None)),
    ('{"times": 3, "ladder": null, "bonuses": []}', CollectedDetails(levels_set_by=None, times=3)),
    (
        '{"ladder": null, "bonuses": [126662109081256016]}',
        CollectedDetails((126662109081256016,), levels_set_by=None),
    ),
    (
        (
            '{"known": false, "level": 5, "ladder": 126843302794192146, "bonuses": '
            '[127024496859056857, 127024496859056858], "birthday": 2026}'
        ),
        CollectedDetails(
            (127024496859056857, 127024496859056858),
            levels_set_by=126843302794192146,
            birthday=2026,
            is_known=False,
            level=5,
        ),
    ),
    (
        (
            '{"known": false, "level": "held", "ladder": 126843302794192146, "bonuses": '
            '[127386885176821298], "birthday": null}'
        ),
        CollectedDetails(
            (127386885176821298,),
            levels_set_by=126843302794192146,
            birthday=None,
            is_known=False,
            is_level_held=True,
        ),
    ),
    (
        (
            '{"again": true, "known": false, "level": "held", "ladder": 126843302794192146, '
            '"bonuses": [], "birthday": null}'
        ),
        CollectedDetails(
            levels_set_by=126843302794192146,
            birthday=None,
            is_known=False,
            is_level_held=True,
            had_told=True,
        ),
    ),
    (
        '{"known": true, "ladder": null, "bonuses": [], "birthday": null}',
        CollectedDetails(levels_set_by=None, birthday=None, is_known=True),
    ),
    (
        '{"level": "held", "ladder": 126662108793194652, "bonuses": [], "rises_elsewhere": 2}',
        CollectedDetails(levels_set_by=126662108793194652, rises_elsewhere=2, is_level_held=True),
    ),
    (
        (
            '{"level": 1, "ladder": null, "origin": "import", "bonuses": [126662108925457447], '
            '"limited": false, "birthday": null}'
        ),
        CollectedDetails(
            (126662108925457447,),
            levels_set_by=None,
            birthday=None,
            origin="import",
            is_limited=False,
            level=1,
        ),
    ),
    (
        (
            '{"was": "collected", "owed": {"units": [], "bonuses": 0, "streaks": 0}, "reason": '
            '"a mistake", "undone": {"gone": [126662109042733509], "cards": 1, "level": '
            '{"after": 1, "before": null}, "streak": {"after": 0, "before": 1}}}'
        ),
        VoidedDetails(
            "a mistake",
            "collected",
            OwedFigures(),
            UndoResult(
                gone=(126662109042733509,),
                cards=1,
                level=NumberChange(None, 1),
                streak=NumberChange(1, 0),
            ),
        ),
    ),
    (
        (
            '{"was": "collected", "owed": {"cards": [[null, 1]], "units": [[null, 10]], '
            '"bonuses": 1, "streaks": 0}, "reason": "a mistake", '
            '"undone": {"kept": [127024496859056857], '
            '"owed": [{"units": 2, "tier_id": null}], "streak": {"after": 2, "before": 3}}}'
        ),
        VoidedDetails(
            "a mistake",
            "collected",
            OwedFigures({None: 10}, bonuses=1, cards={None: 1}),
            UndoResult(
                kept=(127024496859056857,),
                owed=(CounterDebt(None, 2),),
                streak=NumberChange(3, 2),
            ),
        ),
    ),
    (
        (
            '{"was": "collected", "owed": {"units": [], "bonuses": 0, "streaks": 1}, "reason": '
            '"twice", "undone": {"kept": [126843302761535837], '
            '"streak": {"after": 1, "before": 2}}}'
        ),
        VoidedDetails(
            "twice",
            "collected",
            OwedFigures(streaks=1),
            UndoResult(kept=(126843302761535837,), streak=NumberChange(2, 1)),
        ),
    ),
    (
        f'{{"was": "collected", "owed": {NOTHING_OWED}, "reason": "", "undone": {{}}}}',
        VoidedDetails("", "collected", OwedFigures(), UndoResult()),
    ),
    (
        (
            f'{{"was": "collected", "owed": {NOTHING_OWED}, "reason": "", "undone": '
            '{"gone": [135405094329715297], "fills": [135343941232596427, 134961043154132654], '
            '"points": -20, "elsewhere": -10, "is_rise_gone": true}}'
        ),
        VoidedDetails(
            "",
            "collected",
            OwedFigures(),
            UndoResult(
                gone=(135405094329715297,),
                fills=(135343941232596427, 134961043154132654),
                points=-20,
                elsewhere=-10,
                is_rise_gone=True,
            ),
        ),
    ),
    ('{"was": "open", "reason": ""}', VoidedDetails("", "open")),
    (
        '{"undone": {"new": [142576598923230978], "points": -10}, "because": 142576598921978631}',
        RecountedDetails(142576598921978631, UndoResult(new=(142576598923230978,), points=-10)),
    ),
    (
        '{"bonus": 126662109081256016, "product": 1, "redemption": 126662109307670978}',
        RequestedDetails(126662109307670978, 126662109081256016, 1),
    ),
    (
        '{"bonus": 126662108795959606, "product": null, "redemption": 126662108813454106}',
        ConfirmedDetails(126662108813454106, 126662108795959606),
    ),
    (
        '{"bonus": 126662108842010892, "product": 1, "redemption": 126662108850366639}',
        CancelledDetails(126662108850366639, 126662108842010892, 1),
    ),
    (
        '{"bonus": 126662109256963442, "reason": "spilt", "product": 1, "redemption": 7}',
        RefundedDetails(7, 126662109256963442, 1, "spilt"),
    ),
    (
        (
            f'{{"owed": {NOTHING_OWED}, "bonus": 5, "lifted": [], "reason": "spilt", "undone": '
            '{}, "product": null, "redemption": 7}'
        ),
        RefundedDetails(7, 5, None, "spilt", (), OwedFigures(), UndoResult()),
    ),
    (
        (
            f'{{"gone": 5, "owed": {NOTHING_OWED}, "bonus": 5, "lifted": [{{"event": 9, "units": '
            '[[null, 5]], "streaks": 0, "occasion": ""}, {"event": 8, "units": [], "streaks": 1, '
            '"occasion": "birthday:155:2026"}], "reason": "spilt", "undone": {"new": [6]}, '
            '"product": 1, "redemption": 7}'
        ),
        RefundedDetails(
            7,
            5,
            1,
            "spilt",
            (DebtLift(9, {None: 5}), DebtLift(8, streaks=1, occasion="birthday:155:2026")),
            OwedFigures(),
            UndoResult(new=(6,)),
            gone=5,
        ),
    ),
    (
        '{"what": "device", "until": "2026-12-01T01:15:01.946289+00:00", "wrong": 5, "program": 1}',
        PinClosedDetails("device", 1, 5, datetime(2026, 12, 1, 1, 15, 1, 946289, UTC)),
    ),
    ("{}", RefusedDetails()),
    (
        '{"limit": 3, "minutes": 10, "retry_at": "2026-12-01T01:10:00.022083+00:00"}',
        RefusedDetails(
            {"limit": 3, "minutes": 10}, datetime(2026, 12, 1, 1, 10, 0, 22083, tzinfo=UTC)
        ),
    ),
    ('{"what": "bonuses", "limit": 2}', RefusedDetails({"what": "bonuses", "limit": 2})),
    ('{"bonuses": [1, 2]}', ExpiredDetails((1, 2))),
    (
        (
            '{"rule": "interval", "since": "2027-01-05T01:00:00.147958+00:00", "visits": 3, '
            '"last_visit": "2026-12-15T01:00:00.063865+00:00", "interval_days": 7.0}'
        ),
        AbsentDetails(
            datetime(2026, 12, 15, 1, 0, 0, 63865, UTC),
            datetime(2027, 1, 5, 1, 0, 0, 147958, UTC),
            "interval",
            3,
            7.0,
        ),
    ),
    (
        '{"until": "2026-12-02T00:00:00+00:00", "wrong": 10, "program": 1}',
        PinReopenedDetails(1, 10, datetime(2026, 12, 2, tzinfo=UTC)),
    ),
    ('{"moved": [0, 2, 1]}', LevelsSetDetails((0, 2, 1))),
    (
        (
            '{"kind": "level_held", "level": 6, "reason": "", "anomaly": 2, "bonuses": [7], '
            '"verdict": "approved"}'
        ),
        ReviewedDetails(2, "level_held", "approved", "", 6, (7,)),
    ),
    (
        (
            '{"kind": "often", "level": null, "reason": "no", "anomaly": 4, "bonuses": [], '
            '"verdict": "voided"}'
        ),
        ReviewedDetails(4, "often", "voided", "no"),
    ),
    ("null", DevicePairedDetails()),
    ('{"wrong": 5}', DeviceLockedDetails(5)),
    ('{"wrong": 4}', DeviceUnlockedDetails(4)),
    ("{}", DeviceRevokedDetails()),
    ('{"staff": 3}', PasscodeSetDetails(3)),
    ('{"staff": 3, "wrong": 5}', PasscodeWrongDetails(3, 5)),
]


@pytest.mark.parametrize(("kept", "meant"), STORED)
def test_a_stored_line_reads_right(kept: str, meant: EventDetails) -> None:
    assert details_of(meant.event_kind, json.loads(kept)) == meant


@pytest.mark.parametrize(("kept", "meant"), STORED)
def test_it_is_written_as_it_was(kept: str, meant: EventDetails) -> None:
    assert json.loads(json.dumps(meant.stored())) == json.loads(kept)


def test_each_kind_is_among_them() -> None:
    assert {meant.event_kind for _, meant in STORED} == set(EventKind)


@pytest.mark.parametrize("kind", list(EventKind))
def test_a_line_that_says_nothing_is_read(kind: EventKind) -> None:
    assert details_of(kind, None) == details_of(kind, {}) == DETAILS[kind]()


@pytest.mark.parametrize(("kept", "meant"), STORED)
def test_a_key_of_a_later_release_is_passed_over(kept: str, meant: EventDetails) -> None:
    if isinstance(meant, RefusedDetails):
        # A refusal's figures have names of their own: all of them are kept.
        return
    known = json.loads(kept) or {}
    assert details_of(meant.event_kind, {**known, "not yet thought of": [1]}) == meant


@pytest.mark.parametrize(("kept", "meant"), STORED)
def test_each_missing_key_is_as_in_an_older_line(kept: str, meant: EventDetails) -> None:
    known = json.loads(kept) or {}
    for name in known:
        older = {key: value for key, value in known.items() if key != name}
        assert details_of(meant.event_kind, older).event_kind is meant.event_kind


def test_an_undo_from_before_the_log_said_what_went_knows_nothing_of_it() -> None:
    older = VoidedDetails.from_stored({"reason": "a mistake"})
    assert (older.owed, older.undone) == (None, None)


def test_a_collect_from_before_levels_were_numbered_does_not_say_by_which() -> None:
    older = CollectedDetails.from_stored({"bonuses": [1]})
    assert (older.levels_set_by, older.birthday, older.is_known) == (NOT_SAID, NOT_SAID, None)


def test_an_import_from_before_held_the_rises_of_its_visits() -> None:
    assert CollectedDetails.from_stored({"origin": "import", "bonuses": []}).is_limited
