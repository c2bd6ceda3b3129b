"""Random operations while web, worker and database die, and on a line that breaks."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random

import pytest

from tests.crash.conftest import Mortal
from tests.crash.killer import Killer
from tests.crash.notes import Notes
from tests.crash.resets import FATES, Road
from tests.crash.run import customers_for, play
from tests.crash.shop import Shop
from tests.crash.verdict import Verdict
from tests.crash.victims import Backend, Database, Victim, Web, Worker

pytestmark = [pytest.mark.xdist_group("servers")]
# `make chaos` plays 5 seeds of 10,000 operations with 100 kills, and 5,000 on the broken line.
SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1").split(",")]
OPERATIONS = int(os.environ.get("CHAOS_OPERATIONS", "300"))
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
ON_A_BAD_LINE = int(os.environ.get("CHAOS_RESET_OPERATIONS", "300"))
RESETS = 0.3
IS_LONG = OPERATIONS >= 10_000


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_or_doubled_while_everything_dies(mortal: Mortal, seed: int) -> None:
    crew = mortal.crew(f"chaos{seed}", customers=customers_for(OPERATIONS))
    notes, servers = Notes(), mortal.servers
    shop = Shop.of(mortal.demo, crew, servers.web, notes)
    groups: list[list[Victim]] = [[Database(mortal), Backend(mortal)], [Worker(mortal)]]
    groups += [[Web(mortal, server)] for server in servers.web]
    killer = Killer(groups, Random(seed), KILLS, OPERATIONS)  # noqa: S311  it shall repeat itself
    with ThreadPoolExecutor(1) as pool:
        dying = pool.submit(killer.run, notes)
        try:
            play(shop, seed=f"chaos {seed}", goes_on=lambda: killer.may_go_on(notes))
        finally:
            killer.stop()
            dying.result()
    kills = {
        name: f"{len(times)} (longest {max(times):.1f} s)" for name, times in killer.seconds.items()
    }
    judge(mortal, shop, title=f"seed {seed}, kills: {kills}")
    assert sum(map(len, killer.seconds.values())) == KILLS


def test_acknowledged_is_stored_where_connections_break(mortal: Mortal) -> None:
    crew = mortal.crew("resets", customers=customers_for(ON_A_BAD_LINE))
    notes = Notes()
    with ExitStack() as open_roads:
        roads = [
            open_roads.enter_context(Road(server.port, Random(n), RESETS))  # noqa: S311  the same
            for n, server in enumerate(mortal.servers.web)
        ]
        shop = Shop.of(mortal.demo, crew, roads, notes)
        play(shop, seed="resets", goes_on=lambda: notes.operations < ON_A_BAD_LINE)
        fates = sum((road.fates for road in roads), Counter[str]())
    judge(mortal, shop, title=f"resets: {dict(fates)}")
    assert sum(fates[fate] for fate in FATES) > 0.2 * fates.total()


def judge(mortal: Mortal, shop: Shop, *, title: str) -> None:
    """Print the figures, and fail when anything is lost, done twice, or wrong in the books."""
    notes = shop.notes
    problems = Verdict(mortal, shop.crew, notes).problems()
    print(  # noqa: T201  what a long run is for
        f"{title}\n{notes.operations} operations, {notes.ambiguous} ambiguous tries,"
        f" {notes.unknown.total()} given up, {len(problems)} problems\n{dict(notes.answers)}",
        flush=True,
    )
    assert problems == []
    assert notes.wrong == []
    mortal.manage("verify_ledger")
    mortal.manage("verify_chain")
    # Only the first one, whole: the rest of a long log hides it.
    _, found, text = mortal.servers.log().partition("Traceback")
    assert not found, text[:4000]
