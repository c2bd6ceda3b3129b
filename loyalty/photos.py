"""Pictures that people send in, as small files of our own making.

Only pixels survive: position, names, comments, colour profiles, and whatever else was hidden in or
behind a picture, stay outside. Limits are judged by the header, before a pixel is decoded.
"""

import hashlib
import threading
import warnings
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

from loyalty.errors import PhotoUnusable

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LARGE_SIDE = 1024
SMALL_SIDE = 256
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Side and quality, tried in this order until the file is small enough; the last is taken anyhow.
_LARGE_STEPS = ((LARGE_SIDE, 80), (LARGE_SIDE, 62), (800, 58), (640, 50), (512, 40))
_SMALL_STEPS = ((SMALL_SIDE, 78), (SMALL_SIDE, 58), (SMALL_SIDE, 40))
_LARGE_BYTES = 60_000
_SMALL_BYTES = 12_000
# 40 megapixels take up to 600 MB and seconds while they are scaled down, 12 as phones make them a
# third of it: one of the large ones at a time, and two of the usual, which do not wait for it.
_USUAL_PIXELS = 12_500_000
_one_large = threading.BoundedSemaphore(1)
_two_usual = threading.BoundedSemaphore(2)

# What a format finds only while it reads on, such as a frame larger than the header said.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Scans of a progressive JPEG, each of which goes over all pixels again: cameras write about ten.
_JPEG, _SCAN, _MOST_SCANS, _MOST_SCANNED = b"\xff\xd8", b"\xff\xda", 100, 16 * MOST_PIXELS


class Reason(StrEnum):
    """Why a file cannot be used."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_AN_IMAGE = "not_an_image"


@dataclass(frozen=True, slots=True)
class Photo:
    """Two WebP files of one picture, at most LARGE_SIDE and SMALL_SIDE pixels on a side."""

    large: bytes
    small: bytes

    @property
    def digest(self) -> bytes:
        """The same for the same picture."""
        return hashlib.sha256(self.large).digest()


def re_encoded(data: bytes) -> Photo:
    """The picture of a JPEG, PNG, WebP or GIF file, upright, on white, its first frame only.

    Raises PhotoUnusable with a Reason: above 5 MiB or 40 megapixels, broken, or no picture.
    """
    if len(data) > MOST_BYTES:
        raise _unusable(Reason.TOO_LARGE)
    picture = _decoded(data)
    return Photo(
        large=_encoded(picture, _LARGE_STEPS, at_most=_LARGE_BYTES),
        small=_encoded(picture, _SMALL_STEPS, at_most=_SMALL_BYTES),
    )


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            _check_size(opened)
            _check_scans(opened, data)
            is_large = opened.width * opened.height > _USUAL_PIXELS
            with _one_large if is_large else _two_usual:
                return _on_white(_scaled(opened))
    except PhotoUnusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _unusable(Reason.TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001  parsers of hostile bytes raise whatever they stumble over
        raise _unusable(Reason.NOT_AN_IMAGE) from None


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise _unusable(Reason.TOO_MANY_PIXELS)


def _check_scans(opened: Image.Image, data: bytes) -> None:
    # In other formats these two bytes mean nothing, and large files have them by chance.
    if not data.startswith(_JPEG):
        return
    scans = data.count(_SCAN)
    if scans > _MOST_SCANS or scans * opened.width * opened.height > _MOST_SCANNED:
        raise _unusable(Reason.NOT_AN_IMAGE)


def _scaled(opened: Image.Image) -> Image.Image:
    picture = opened
    if picture.mode.startswith("I;16"):
        # Pillow would cut 16 bits off at 255 instead of dividing them.
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    elif picture.mode not in {"RGB", "RGBA", "L", "LA", "CMYK"}:
        picture = picture.convert("RGBA")
    picture.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(picture)


def _on_white(picture: Image.Image) -> Image.Image:
    # A picture of its own, so that nothing that came with the file can be written again. White,
    # because a dark drawing on nothing would vanish on a dark screen.
    clean = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        clean.paste(picture, mask=picture.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean


def _encoded(picture: Image.Image, steps: tuple[tuple[int, int], ...], *, at_most: int) -> bytes:
    made = b""
    for side, quality in steps:
        scaled = picture.copy()
        scaled.thumbnail((side, side), Image.Resampling.LANCZOS)
        file = BytesIO()
        scaled.save(file, "WEBP", quality=quality, method=4)
        made = file.getvalue()
        if len(made) <= at_most:
            break
    return made


def _unusable(reason: Reason) -> PhotoUnusable:
    return PhotoUnusable(details={"field": "photo", "reason": reason.value})
