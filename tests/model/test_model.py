"""The product against the naive model: whole lives of a business, step by step.

`make test` plays a few, always the same; `make model` plays MODEL_RUNS of MODEL_STEPS, others
each time unless MODEL_SEED is set to the number that was printed.
"""

import os
import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.model import draws
from tests.model.scanning import Scanning
from tests.model.turning import Turning

RUNS, STEPS = int(os.environ.get("MODEL_RUNS", "25")), int(os.environ.get("MODEL_STEPS", "30"))
IS_LONG = "MODEL_RUNS" in os.environ
# MODEL_SHRINK=0: the first life that fails is good enough, however long it is.
SHRINKS = IS_LONG and os.environ.get("MODEL_SHRINK") != "0"
PARTS = 2


class Life(Scanning, Turning):
    """Everything that can happen."""

    @precondition(lambda self: self.bonus_ids and not self.is_vague and not self.is_frozen)
    @rule(pick=draws.picks, others=st.lists(draws.picks, max_size=2))
    def think_twice(self, pick: int, others: list[int]) -> None:
        """A bonus is used, its sale is taken back, and then the gift too, and more sales."""
        self.give(pick, "id")
        if self.attempts and not self.has_new_numbers():
            self.regret(pick)
            self.refund(0)
            for each in others:
                self.void(each)


@pytest.fixture
def same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis mixes numbers of all loaded modules into its draws, so a seed says not enough."""
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", {})


@pytest.mark.usefixtures("unblocked", "same_draws")
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
            # A short run has no time to look for the shortest life that fails.
            phases=[Phase.generate, Phase.shrink] if SHRINKS else [Phase.generate],
        ),
    )
