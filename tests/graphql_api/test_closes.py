"""docs/live.md says every close that the code has."""

from graphql_api.live.closes import Close
from tests.harness.servers import ROOT


def test_every_close_is_documented() -> None:
    table = (ROOT / "docs" / "live.md").read_text()
    for close in Close:
        assert f"| {close.code} | {close.reason} |" in table


def test_a_reason_fits_into_its_frame() -> None:
    for close in Close:
        assert len(close.reason.encode()) <= 123
