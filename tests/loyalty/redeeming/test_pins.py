"""PINs are drawn evenly among the free ones."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base import tokens
from loyalty.redeeming.pins import MOST_ALIVE, PINS, first_free

TURNS = st.lists(st.binary(min_size=1, max_size=1), min_size=32, max_size=32)


@given(taken=st.sets(st.binary(min_size=1, max_size=1), max_size=200), turns=TURNS)
def test_the_first_free_one(taken: set[bytes], turns: list[bytes]) -> None:
    turn, found = first_free(taken, nth=turns.__getitem__)
    if turn is None:
        assert set(turns) <= taken
    else:
        assert found == turns[turn]
        assert found not in taken
        assert set(turns[:turn]) <= taken


def test_none_when_too_many_are_alive() -> None:
    taken = frozenset(str(number).encode() for number in range(MOST_ALIVE))
    assert first_free(taken, nth=lambda _: b"free") == (None, None)
    assert first_free(taken - {b"0"}, nth=lambda _: b"free") == (0, b"free")


def test_pins_of_salts_and_turns_are_even() -> None:
    rounds = 20
    found = [
        int(tokens.derive_pin("key", number.to_bytes(16), turn=number % 3))
        for number in range(PINS * rounds)
    ]
    # Ten tenths of 20,000 each: five standard deviations are 670.
    tenths = [sum(pin // 1000 == tenth for pin in found) for tenth in range(10)]
    assert sum(tenths) == PINS * rounds
    assert all(abs(each - PINS * rounds // 10) < 670 for each in tenths)


@given(salt=st.binary(min_size=16, max_size=16), program=st.integers(1, 2**63 - 1))
def test_a_pin_is_looked_up_in_its_program_alone(salt: bytes, program: int) -> None:
    pin = tokens.derive_pin("key", salt, turn=0)
    assert (len(pin), pin.isdigit(), pin.isascii()) == (4, True, True)
    found = tokens.pin_digest("key", pin, program_id=program)
    assert found != tokens.pin_digest("key", pin, program_id=program + 1)
    assert found != tokens.pin_digest("other", pin, program_id=program)
