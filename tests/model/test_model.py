"""The product against the naive model: whole lives of a business, step by step.

`make test` plays a few, always the same; `make model` plays MODEL_RUNS of MODEL_STEPS, others
each time unless MODEL_SEED is set to the number that was printed.
"""

import os
import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.changing import Changing
from tests.model.redeeming import Redeeming
from tests.model.scanning import Scanning

RUNS, STEPS = int(os.environ.get("MODEL_RUNS", "25")), int(os.environ.get("MODEL_STEPS", "30"))
IS_LONG = "MODEL_RUNS" in os.environ
PARTS = 2


class Life(Scanning, Changing, Redeeming):
    """Everything that can happen."""


@pytest.mark.usefixtures("unblocked")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_life_ends_as_the_model_says(part: int) -> None:
    chosen = int(os.environ.get("MODEL_SEED") or (secrets.randbits(32) if IS_LONG else 1))
    if IS_LONG:
        print(f"MODEL_SEED={chosen}")  # noqa: T201  shown when it fails, so that it can be repeated
    machine = seed(chosen + part)(type("Life", (Life,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, RUNS // PARTS),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
