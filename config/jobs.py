"""Jobs that go round all businesses; `settings.JOB_SCHEDULES` says when."""

from loyalty.actions.prune import prune
from tenants.each_business import each_business


def prune_all() -> str:
    """Forget what has served its time, in every business; the counts, for the job's result."""
    sweep = each_business(lambda _schema: prune())
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"
