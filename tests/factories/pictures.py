"""Picture files, as people and others would send them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def file_of(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of this kind."""
    made = BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def png(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small PNG of one colour."""
    return file_of(Image.new("RGB", size, colour))


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds next to none."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def png_with(name: bytes, data: bytes) -> bytes:
    """A small PNG with one more chunk."""
    whole = png()
    after_header = len(_SIGNATURE) + 25
    return whole[:after_header] + _chunk(name, data) + whole[after_header:]


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
