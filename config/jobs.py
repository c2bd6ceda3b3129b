"""Jobs that go round all businesses; `settings.JOB_SCHEDULES` says when."""

from loyalty.actions.find_anomalies import find_anomalies
from loyalty.actions.prune import prune
from tenants.each_business import each_business


def prune_all() -> str:
    """Forget what has served its time, in every business; the counts, for the job's result."""
    sweep = each_business(lambda _schema: prune())
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"


def review_all() -> str:
    """Put what is remarkable on each business's review list; the counts, for the job's result."""
    sweep = each_business(lambda _schema: find_anomalies())
    return f"{len(sweep.done)} done, {len(sweep.failed)} failed"
