"""Managers who give and take the same pictures at the same moment."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Barrier

import pytest

from loyalty.base.values import Role, StaffActor
from loyalty.models import Product, ProductPhoto
from loyalty.programs.set_photo import set_photo
from tests.factories.people import as_staff, place
from tests.factories.pictures import png
from tests.harness.threads import closing

pytestmark = pytest.mark.usefixtures("own_database", "unblocked")
AT_ONCE = 8
ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))
FILES = [png("red"), png("lime"), None]


def test_no_photo_is_lost_or_left_behind() -> None:
    manager = as_staff(Role.MANAGER)
    program = place().program_id
    products = [Product.objects.create(program_id=program, name="Cake").pk for _ in range(4)]
    chance = random.Random(7)  # noqa: S311  repeatable
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(ROUNDS):
            start = Barrier(AT_ONCE)
            calls = []
            for _ in range(AT_ONCE):
                product, file = chance.choice(products), chance.choice(FILES)
                work = partial(_set, start, product, file, manager)
                calls.append(pool.submit(copy_context().run, closing, work))
            for call in calls:
                call.result()
            used = Product.objects.exclude(photo=None).values_list("photo_id", flat=True)
            assert set(used) == set(ProductPhoto.objects.values_list("key", flat=True))


def _set(start: Barrier, product: int, file: bytes | None, manager: StaffActor) -> None:
    start.wait(30)
    set_photo(product, file=file, actor=manager)
