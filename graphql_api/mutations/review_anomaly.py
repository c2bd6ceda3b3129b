"""`reviewAnomaly`: a manager decides about a finding of the review list."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.described import described
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types.anomaly import Anomaly, anomalies
from loyalty.base.access import Permission
from loyalty.reviewing import FindingReview, ReviewVerdict
from loyalty.reviewing import review_anomaly as decide

described(
    "What a manager decides about a finding.",
    {
        "APPROVE": "It is well; a level that is held counts from now on, with its gift.",
        "VOID": "Every session of the evidence is taken back; of a level that is held only the"
        " level is not given, and its sales stay.",
    },
    name="AnomalyVerdict",
)(ReviewVerdict)


@strawberry.input(description="The finding, and what a manager decides about it.")
class ReviewAnomalyInput:
    """A decision."""

    anomaly_id: strawberry.ID = strawberry.field(description="The finding that was looked at.")
    verdict: ReviewVerdict = strawberry.field(description="What the manager decides about it.")
    reason: str | None = strawberry.field(
        default=None, description="Why, for the log; VOID needs one."
    )
    version: int | None = strawberry.field(
        default=None,
        description="The version that was shown: VERSION_CONFLICT when evidence came in since.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: the first decision stands and is answered again."
    )


ReviewAnomalyResult: TypeAlias = Annotated[
    Anomaly | Refusal,
    strawberry.union(
        "ReviewAnomalyResult", description="The finding as it was decided, or why it was not."
    ),
]


def review_anomaly(info: Info, input: ReviewAnomalyInput) -> ReviewAnomalyResult:  # noqa: A002  the API's word
    """A manager decides about a finding."""

    def work(context: Context) -> Anomaly:
        actor = context.staff(Permission.REVIEW)
        number = ids.number(input.anomaly_id, "Anomaly", field="anomalyId")
        review = FindingReview(number, input.verdict, input.reason or "", input.version)
        (found,) = anomalies([decide(review, actor=actor)], actor=actor)
        return found

    return answered(info, input, work, about="anomalyId")
