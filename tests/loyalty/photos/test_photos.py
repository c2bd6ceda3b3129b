"""Whatever is sent in, small WebP files without a past come out, or a refusal."""

import os
import zlib
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from loyalty.base.errors import PhotoUnusable
from loyalty.photos import LARGE_SIDE, MOST_BYTES, Photo, PhotoReason, process, re_encoded
from tests.factories.pictures import file_of, png, png_header, png_with

SECRET = b"CaNaRy 52.5200N 13.4050E"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
_TEXT_BOMB = b"a\0\0" + zlib.compress(b"\0" * 100_000_000)
_ORIENTATION, _GPS, _MAKER = 0x0112, 0x8825, 0x010F


def shown(file: bytes) -> Image.Image:
    picture = Image.open(BytesIO(file))
    assert picture.format == "WEBP"
    return picture


def middle(photo: Photo) -> tuple[int, ...]:
    """The colour in the middle; WebP moves it by a few steps."""
    picture = shown(photo.large).convert("RGB")
    colour = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(colour, tuple)
    return colour


def is_near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 6 for one, other in zip(colour, wanted, strict=True))


def refused(data: bytes) -> PhotoReason:
    with pytest.raises(PhotoUnusable) as refusal:
        re_encoded(data)
    assert refusal.value.code == "INVALID_INPUT"
    assert refusal.value.details["field"] == "photo"
    return PhotoReason(str(refusal.value.details["reason"]))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_four_formats(kind: str) -> None:
    photo = re_encoded(file_of(Image.new("RGB", (300, 200), (200, 40, 20)), kind))
    assert shown(photo.large).size == (300, 200)
    assert shown(photo.small).size == (256, 171)
    assert is_near(middle(photo), (200, 40, 20))


def test_the_same_picture_is_the_same_photo() -> None:
    assert re_encoded(png()).digest == re_encoded(png()).digest != re_encoded(png("blue")).digest


def test_a_large_picture_with_detail_becomes_small_files() -> None:
    noise = Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3))
    photo = re_encoded(file_of(noise, "JPEG", quality=60))
    assert max(shown(photo.large).size) <= LARGE_SIDE
    assert max(shown(photo.small).size) <= 256
    assert len(photo.large) <= 60_000
    assert len(photo.small) <= 12_000


@pytest.mark.parametrize("size", [(5_000, 250), (250, 5_000), (20, 1), (16_000, 2_500)])
def test_a_strip_is_a_picture_up_to_twenty_times_its_width(size: tuple[int, int]) -> None:
    large, small = re_encoded(png("red", size=size)), max(size)
    assert max(shown(large.large).size) == min(small, 1024)
    assert max(shown(large.small).size) == min(small, 256)


@pytest.mark.parametrize(
    "size", [(40_000_000, 1), (1, 1_000_000), (5_001, 250), (250, 5_001), (21, 1), (16_001, 2_000)]
)
def test_a_longer_one_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert refused(png_header(*size)) is PhotoReason.TOO_NARROW


@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_turns_the_picture_and_is_gone(turn: int) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_MAKER] = turn, SECRET.decode()
    exif.get_ifd(_GPS)[2] = (52.0, 31.0, 12.0)
    data = file_of(Image.new("RGB", (80, 40), "red"), "JPEG", exif=exif)
    assert SECRET in data
    photo = re_encoded(data)
    assert shown(photo.large).size == ((40, 80) if turn > 4 else (80, 40))
    for file in (photo.large, photo.small):
        assert SECRET not in file
        assert dict(shown(file).getexif()) == {}


def test_nothing_written_beside_the_pixels_is_kept() -> None:
    notes = PngInfo()
    notes.add_text("Comment", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    picture = Image.new("RGB", (80, 40), "red")
    files = [
        file_of(picture, "PNG", pnginfo=notes, icc_profile=SECRET),
        file_of(picture, "JPEG", comment=SECRET, icc_profile=SECRET),
        file_of(picture, "WEBP", xmp=SECRET, icc_profile=SECRET),
        file_of(picture, "GIF", comment=SECRET),
    ]
    for data in files:
        assert SECRET in data
        photo = re_encoded(data)
        assert SECRET not in photo.large + photo.small
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(shown(photo.large).info)


def _archive() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("Evil.class", SECRET)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "tail",
    [_archive(), b"<script>" + SECRET + b"</script>", b"%PDF-1.7"],
    ids=["archive", "HTML", "PDF"],
)
def test_what_hides_behind_a_picture_dies(kind: str, tail: bytes) -> None:
    photo = re_encoded(file_of(Image.new("RGB", (80, 40), "red"), kind) + tail)
    for file, trace in product((photo.large, photo.small), (tail, SECRET, b"PK\x03\x04")):
        assert trace not in file


def test_html_in_a_comment_dies() -> None:
    html = b"*/=1/*<html><script src=//evil.example></script>"
    photo = re_encoded(file_of(Image.new("RGB", (80, 40)), "JPEG", comment=html))
    assert b"script" not in photo.large + photo.small


_NO_PICTURES = {
    "nothing": b"",
    "a NUL": b"\0",
    "the start of a GIF": b"GIF89a",
    "the start of a JPEG": b"\xff\xd8\xff",
    "the start of a WebP": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "SVG": _SVG,
    "SVG as XML": b'<?xml version="1.0"?>' + _SVG,
    "HTML before a PNG": b"<html></html>" + png(),
    "PDF": b"%PDF-1.7\n",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "an archive": _archive(),
    "BMP": file_of(Image.new("RGB", (8, 8)), "BMP"),
    "TIFF": file_of(Image.new("RGB", (8, 8)), "TIFF"),
    "ICO": file_of(Image.new("RGB", (8, 8)), "ICO"),
    "a PNG cut short": png()[:60],
    "a header cut short": png_header(8, 8)[:40],
    "a PNG without its pixels": png_header(2_000, 2_000),
    "a PNG of no size": png_header(0, 0),
    "a bomb in a text": png_with(b"zTXt", _TEXT_BOMB),
    "a bomb in a profile": png_with(b"iCCP", _TEXT_BOMB),
}


@pytest.mark.parametrize("data", _NO_PICTURES.values(), ids=_NO_PICTURES)
def test_no_picture(data: bytes) -> None:
    assert refused(data) is PhotoReason.NOT_AN_IMAGE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_file_cut_short(kind: str) -> None:
    noise = Image.frombytes("RGB", (200, 200), os.urandom(120_000))
    data = file_of(noise, kind)
    assert refused(data[: len(data) // 2]) is PhotoReason.NOT_AN_IMAGE


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (8_000, 5_001), (40_000_001, 1)]
)
def test_bombs_are_refused_by_their_header(width: int, height: int) -> None:
    assert refused(png_header(width, height)) is PhotoReason.TOO_MANY_PIXELS


def test_a_bomb_in_every_format() -> None:
    gif = bytearray(file_of(Image.new("P", (8, 8)), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    jpeg = file_of(Image.new("RGB", (8, 8)), "JPEG")
    start = jpeg.index(b"\xff\xc0") + 5
    jpeg = jpeg[:start] + b"\xff\xff\xff\xff" + jpeg[start + 4 :]
    for data in (bytes(gif), jpeg, file_of(Image.new("L", (9_000, 9_000)), "WEBP", method=0)):
        assert refused(data) is PhotoReason.TOO_MANY_PIXELS


def test_five_mebibytes_and_a_byte() -> None:
    exact = png() + b"\0" * (MOST_BYTES - len(png()))
    assert re_encoded(exact) == re_encoded(png())
    assert refused(exact + b"\0") is PhotoReason.TOO_LARGE


def test_cmyk() -> None:
    data = file_of(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG")
    assert is_near(middle(re_encoded(data)), (255, 0, 0))


def test_sixteen_bits_are_divided_not_cut_off() -> None:
    data = file_of(Image.new("I;16", (64, 64), 40_000))
    assert is_near(middle(re_encoded(data)), (156, 156, 156))


def test_one_bit() -> None:
    assert is_near(middle(re_encoded(file_of(Image.new("1", (64, 64), 1)))), (255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0)).convert(mode)
    assert is_near(middle(re_encoded(file_of(picture))), (255, 255, 255))


def test_only_the_first_frame() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        data = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        photo = re_encoded(data)
        assert getattr(shown(photo.large), "n_frames", 1) == 1
        assert is_near(middle(photo), (255, 0, 0))


def with_scans(size: tuple[int, int], count: int) -> bytes:
    """A progressive JPEG that goes over its pixels so many times."""
    whole = file_of(Image.new("RGB", size, (200, 40, 20)), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * (count - whole.count(b"\xff\xda")) + whole[-2:]


def test_a_picture_of_endless_scans_is_refused_before_it_is_looked_at() -> None:
    assert re_encoded(with_scans((8, 8), 100))
    assert refused(with_scans((8, 8), 101)) is PhotoReason.NOT_AN_IMAGE
    # What a small picture may have would take seconds for a large one.
    assert re_encoded(with_scans((4_080, 3_060), 16))
    assert refused(with_scans((8_000, 5_000), 17)) is PhotoReason.NOT_AN_IMAGE


def test_only_in_a_jpeg_two_bytes_are_a_scan() -> None:
    assert re_encoded(png() + b"\xff\xda" * 200)


def test_large_pictures_do_not_hold_up_the_usual_ones() -> None:
    with process._one_large, process._two_usual:  # noqa: SLF001  two other pictures at work
        assert re_encoded(png())
