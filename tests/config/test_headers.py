"""Headers as all readers see them."""

from hypothesis import given
from hypothesis import strategies as st

from config.headers import with_plain_headers

NAMES = st.sampled_from(
    [b"x-forwarded-for", b"x_forwarded_for", b"x-forwarded_for", b"cookie", b"accept", b"Host"]
)


def _plain(*headers: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = with_plain_headers({"headers": [*headers]})["headers"]
    return found


@given(st.lists(st.tuples(NAMES, st.binary(min_size=1, max_size=3))))
def test_each_name_comes_once_and_none_looks_like_another(
    headers: list[tuple[bytes, bytes]],
) -> None:
    names = [name.replace(b"-", b"_") for name, _ in _plain(*headers)]
    assert len(names) == len(set(names))
    assert {name for name, _ in _plain(*headers)} == {
        name.lower() for name, _ in headers if b"_" not in name
    }


def test_lines_are_joined_in_their_order() -> None:
    assert _plain(
        (b"x-forwarded-for", b"1.1.1.1"),
        (b"x_forwarded_for", b"9.9.9.9"),
        (b"cookie", b"a=1"),
        (b"x-forwarded-for", b"2.2.2.2"),
        (b"cookie", b"b=2"),
    ) == [(b"x-forwarded-for", b"1.1.1.1, 2.2.2.2"), (b"cookie", b"a=1; b=2")]
