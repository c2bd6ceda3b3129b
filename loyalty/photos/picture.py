"""Decodes a picture and makes the two small files; runs in a process of its own (`child.py`)."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from loyalty.photos.bounds import (
    LARGE_SIDE,
    MOST_PIXELS,
    SMALL_SIDE,
    USUAL_PIXELS,
    PhotoReason,
    UnusableError,
    check_size,
)

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Side and quality, tried in this order until the file is small enough; the last is taken anyhow.
_LARGE_STEPS = ((LARGE_SIDE, 80), (LARGE_SIDE, 62), (800, 58), (640, 50), (512, 40))
_SMALL_STEPS = ((SMALL_SIDE, 78), (SMALL_SIDE, 58), (SMALL_SIDE, 40))
_LARGE_BYTES = 60_000
_SMALL_BYTES = 12_000
# What a format finds only while it reads on, such as a frame larger than the header said.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Scans of a progressive JPEG, each of which goes over all pixels again: cameras write about ten.
_JPEG, _SCAN, _MOST_SCANS, _MOST_SCANNED = b"\xff\xd8", b"\xff\xda", 100, 16 * MOST_PIXELS


def opened(data: bytes) -> Image.Image:
    """The picture with its header read, and not a pixel; raises UnusableError."""
    try:
        found = Image.open(BytesIO(data), formats=_FORMATS)
        check_size(found.width, found.height)
        _check_scans(found, data)
    except UnusableError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableError(PhotoReason.TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001  parsers of hostile bytes raise whatever they stumble over
        raise UnusableError(PhotoReason.NOT_AN_IMAGE) from None
    return found


def is_large(picture: Image.Image) -> bool:
    """Whether it takes more than a phone's picture."""
    return picture.width * picture.height > USUAL_PIXELS


def small_files(picture: Image.Image) -> tuple[bytes, bytes]:
    """Large and small WebP, upright, on white, the first frame only; raises UnusableError."""
    try:
        clean = _on_white(_scaled(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableError(PhotoReason.TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001  parsers of hostile bytes raise whatever they stumble over
        raise UnusableError(PhotoReason.NOT_AN_IMAGE) from None
    return (
        _encoded(clean, _LARGE_STEPS, at_most=_LARGE_BYTES),
        _encoded(clean, _SMALL_STEPS, at_most=_SMALL_BYTES),
    )


def _check_scans(opened: Image.Image, data: bytes) -> None:
    # In other formats these two bytes mean nothing, and large files have them by chance.
    if not data.startswith(_JPEG):
        return
    scans = data.count(_SCAN)
    if scans > _MOST_SCANS or scans * opened.width * opened.height > _MOST_SCANNED:
        raise UnusableError(PhotoReason.NOT_AN_IMAGE)


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
