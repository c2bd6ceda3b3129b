"""What a job worker would do, in the test's own process."""

from django_q.models import OrmQ

from loyalty import jobs
from tenants import context


def run_jobs() -> None:
    """Run the jobs that wait, each inside its business, until nothing is left."""
    with context.public():
        waiting = [(each.task, each.delete()) for each in OrmQ.objects.order_by("id")]
    for task, _ in waiting:
        with context.business(task["business"]):
            getattr(jobs, task["func"].rpartition(".")[2])(*task["args"])
    if waiting:
        run_jobs()
