"""Of a business's dear documents one runs at once; others' and cheap ones do not wait."""

import pytest

from graphql_api.dear import DEAR, one_at_once
from graphql_api.errors import PublicError
from loyalty.db import deadline
from loyalty.db.deadline import Deadline
from tenants import context
from tests.factories.people import BETA


def test_one_of_a_business_runs_at_once() -> None:
    with deadline.known(Deadline(0)), one_at_once(DEAR + 1):
        with one_at_once(DEAR), context.business(BETA), one_at_once(DEAR + 1):
            pass
        with pytest.raises(PublicError, match="too long"), one_at_once(DEAR + 1):
            pass
    with deadline.known(Deadline(0)), one_at_once(DEAR + 1):
        pass
