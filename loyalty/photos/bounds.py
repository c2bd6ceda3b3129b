"""What a picture may be; judged by its header, before a pixel is decoded."""

from enum import StrEnum

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
# A side costs by itself: a line of forty million pixels took 2.4 GB to be scaled down.
MOST_SIDE = 16_000
# How many times one side is the other. Nobody recognises a product in a narrower strip.
MOST_ASPECT = 20
LARGE_SIDE = 1024
SMALL_SIDE = 256
# 40 megapixels take hundreds of MB and seconds while they are scaled down, 12 as phones make them a
# third of it.
USUAL_PIXELS = 12_500_000


class PhotoReason(StrEnum):
    """Why a file cannot be used."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_NARROW = "too_narrow"
    NOT_AN_IMAGE = "not_an_image"


class UnusableError(Exception):
    """The picture cannot be used; `reason` says why."""

    def __init__(self, reason: PhotoReason) -> None:
        super().__init__(reason)
        self.reason = reason


def check_size(width: int, height: int) -> None:
    """Raise UnusableError for a picture of this size that is not decoded."""
    shorter, longer = sorted((width, height))
    if shorter < 1:
        raise UnusableError(PhotoReason.NOT_AN_IMAGE)
    if width * height > MOST_PIXELS:
        raise UnusableError(PhotoReason.TOO_MANY_PIXELS)
    if longer > MOST_SIDE or longer > shorter * MOST_ASPECT:
        raise UnusableError(PhotoReason.TOO_NARROW)
