"""A device works at its own location."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import NotAtThisLocation
from loyalty.base.values import AtDevice
from loyalty.devices.device_place import check_place

PLACES = st.integers(1, 3)


@given(PLACES, PLACES)
def test_at_home_and_nowhere_else(home: int, location_id: int) -> None:
    check_place(None, location_id=location_id)
    if home == location_id:
        check_place(AtDevice(7, home), location_id=location_id)
        return
    with pytest.raises(NotAtThisLocation) as refused:
        check_place(AtDevice(7, home), location_id=location_id)
    assert refused.value.details == {"what": "device"}
