"""The product's settings, and the jobs that only tests have."""

from config.settings import *  # noqa: F403  Django's way to add to settings
from config.settings import JOBS as PRODUCT_JOBS
from config.settings import SWEEPS

_NAMES = ("where", "people_here", "fail", "wait_behind")
JOBS = PRODUCT_JOBS | {f"tests.harness.work.{name}": SWEEPS for name in _NAMES}
