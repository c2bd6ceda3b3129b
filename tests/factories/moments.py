"""Moments and zones for properties: clocks that jump by an hour, half an hour, and at midnight."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

INSTANT = timedelta(microseconds=1)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/Nuuk",
]
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  the bounds are naive
days = st.dates(date(2020, 1, 1), date(2060, 1, 1))
# Near enough to each other for windows and streaks to matter.
gaps = st.timedeltas(timedelta(0), timedelta(days=12))
