"""Whatever is sent in takes bounded memory and time, and breaks a process of its own at most."""

import os
import random
import resource
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from loyalty.base.errors import PhotoUnusable
from loyalty.photos import MOST_BYTES, PhotoReason, child, process, re_encoded
from tests.factories.pictures import file_of, png, png_header, png_with

# `PHOTO_ROUNDS=2000` searches for long.
ROUNDS = int(os.environ.get("PHOTO_ROUNDS", "40"))
MOST_CPU = 4.0
KINDS = ("PNG", "JPEG", "WEBP", "GIF")


def children() -> set[str]:
    """The living processes that this one has started."""
    found = Path("/proc/self/task").glob("*/children")
    return {number for file in found for number in file.read_text().split()}


def memory(who: int) -> int:
    """The most memory that was taken so far, in bytes."""
    return resource.getrusage(who).ru_maxrss * 1024


def cpu() -> float:
    """What ended processes of ours have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def outcome(data: bytes) -> PhotoReason | None:
    """Why it is refused, None for a photo, within the limits and with nothing left behind."""
    reason: PhotoReason | None = None
    before, used, own = children(), cpu(), memory(resource.RUSAGE_SELF)
    try:
        photo = re_encoded(data)
    except PhotoUnusable as refused:
        reason = PhotoReason(str(refused.details["reason"]))
    else:
        assert (photo.large[8:12], photo.small[8:12]) == (b"WEBP", b"WEBP")
        assert len(photo.large) < 200_000
    assert cpu() - used < MOST_CPU
    assert memory(resource.RUSAGE_SELF) - own < 40_000_000
    assert memory(resource.RUSAGE_CHILDREN) < child.MOST_MEMORY
    assert children() <= before
    return reason


def line_of_pixels(width: int, height: int) -> bytes:
    """A PNG that really has its pixels, as small as it can be."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + b"\0" * ((width + 7) // 8)) * height, 9)
    made = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")):
        checked = name + data
        made += struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    return made


def test_a_line_of_forty_million_pixels() -> None:
    data = line_of_pixels(40_000_000, 1)
    assert len(data) < 6_000
    began = time.monotonic()
    assert outcome(data) is PhotoReason.TOO_NARROW
    # It took 35 seconds; alone on a machine it takes a tenth of one.
    assert time.monotonic() - began < 10


def worst(chance: random.Random) -> bytes:
    """As much as is allowed, or a little more, in some format and mode."""
    pixels = chance.choice([1_000, 12_500_000, 39_000_000, 40_000_000, 41_000_000])
    aspect = chance.choice([1.0, 1.5, 19.9, 20.1, 400.0, 1e6])
    width = max(1, min(int((pixels * aspect) ** 0.5), 65_000))
    height = max(1, min(pixels // width, 16_000))
    size = chance.choice([(width, height), (height, width)])
    kind = chance.choice(KINDS)
    if kind == "WEBP":
        size = (min(size[0], 16_000), min(size[1], 16_000))
    modes = {"PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"], "JPEG": ["L", "RGB", "CMYK"]}
    mode = chance.choice(modes.get(kind, ["RGB"] if kind == "WEBP" else ["P"]))
    options = {"method": 0} if kind == "WEBP" else {}
    return file_of(Image.new(mode, size), kind, **options)


def broken(chance: random.Random) -> bytes:
    """A picture in which some bytes are others, or are missing."""
    noise = Image.frombytes("RGB", (90, 60), chance.randbytes(90 * 60 * 3))
    data = bytearray(file_of(noise, chance.choice(KINDS)))
    for _ in range(chance.choice([1, 3, 30])):
        data[chance.randrange(min(len(data), chance.choice([40, 400, 40_000])))] = chance.randrange(
            256
        )
    return bytes(data[: chance.choice([len(data), len(data) // 2, chance.randrange(len(data))])])


def loaded(chance: random.Random) -> bytes:
    """A picture with much beside its pixels."""
    much = b"\0" * chance.choice([60_000, 900_000, 4_000_000])
    picture = Image.new("RGB", (64, 48), "red")
    notes = PngInfo()
    for number in range(chance.choice([1, 200])):
        notes.add_text(f"note {number}", "x" * 20_000, zip=True)
    ways: list[Callable[[], bytes]] = [
        lambda: file_of(picture, "PNG", icc_profile=much),
        lambda: file_of(picture, "PNG", pnginfo=notes),
        lambda: file_of(picture, "JPEG", icc_profile=much[:800_000]),
        lambda: file_of(picture, "JPEG", exif=b"Exif\0\0" + much[:60_000]),
        lambda: file_of(picture, "WEBP", xmp=much, exif=b"Exif\0\0" + much),
        lambda: file_of(picture, "GIF", comment=much[:60_000]),
        lambda: png_with(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 100_000_000)),
        lambda: png_with(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(b"\0" * 60_000_000)),
        lambda: png() + much,
    ]
    return chance.choice(ways)()


def animated(chance: random.Random) -> bytes:
    """Many frames, or a frame that is larger than the picture."""
    kind = chance.choice(["GIF", "WEBP", "PNG"])
    colours = [Image.new("P" if kind == "GIF" else "RGB", (300, 200), n) for n in range(60)]
    data = bytearray(file_of(colours[0], kind, save_all=True, append_images=colours[1:]))
    if kind == "GIF" and chance.random() < 0.7:
        frame = data.index(b"\x2c\0\0\0\0")
        data[frame + 5 : frame + 9] = struct.pack("<HH", chance.randrange(65_536), 65_535)
    return bytes(data)


def promised(chance: random.Random) -> bytes:
    """A header that promises what the file does not hold."""
    sides = [0, 1, 2, 250, 4_000, 16_000, 16_001, 65_535, 2**24, 2**31 - 1]
    return png_header(chance.choice(sides), chance.choice(sides))


def two_in_one(chance: random.Random) -> bytes:
    """A file that is several things at once."""
    one, other = (file_of(Image.new("RGB", (64, 48)), kind) for kind in chance.sample(KINDS, 2))
    cut = chance.randrange(len(one))
    return chance.choice([one + other, one[:cut] + other, b"%PDF-1.7\n" + one, one + b"PK\3\4"])


MAKERS = (worst, broken, loaded, animated, promised, two_in_one)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_whatever_is_sent_in_is_bounded(make: Callable[[random.Random], bytes]) -> None:
    chance = random.Random(f"{make.__name__} 1")  # noqa: S311  to find the same again
    for _ in range(max(1, ROUNDS // len(MAKERS))):
        data = make(chance)
        if len(data) <= MOST_BYTES:
            outcome(data)


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], PhotoReason | None]]:
    """What is answered when the decoder does this instead."""

    def run(deed: str) -> PhotoReason | None:
        command = [*process._COMMAND[:2], "-m", "tests.harness.hostile_child", deed]  # noqa: SLF001  a decoder that somebody broke
        monkeypatch.setattr(process, "_COMMAND", command)
        return outcome(png())

    yield run
    # The next picture is none the worse for it.
    monkeypatch.undo()
    assert outcome(png()) is None


@pytest.mark.parametrize(
    "deed", ["memory", "processor", "crash", "lie", "half", "words", "file", "end"]
)
def test_a_decoder_that_breaks_breaks_alone(
    deed: str, in_place: Callable[[str], PhotoReason | None]
) -> None:
    assert in_place(deed) is PhotoReason.NOT_AN_IMAGE


def test_a_decoder_that_hangs_is_ended(
    in_place: Callable[[str], PhotoReason | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SECONDS_TO_HEADER", 1.0)
    began = time.monotonic()
    assert in_place("sleep") is PhotoReason.NOT_AN_IMAGE
    assert time.monotonic() - began < 60


def test_a_decoder_finds_no_keys(in_place: Callable[[str], PhotoReason | None]) -> None:
    assert os.environ["SECRET_KEY"]
    assert in_place("keys") is PhotoReason.TOO_NARROW
