"""Pictures that people send in, as small files of our own making.

Only pixels survive: position, names, comments, colour profiles, and whatever else was hidden in or
behind a picture, stay outside. A process of its own looks at each, with limits that the system
keeps (`process.py`): a picture that breaks a decoder breaks that process alone.
"""

from loyalty.photos.bounds import (
    LARGE_SIDE,
    MOST_ASPECT,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_SIDE,
    PhotoReason,
)
from loyalty.photos.process import Photo, re_encoded

__all__ = [
    "LARGE_SIDE",
    "MOST_ASPECT",
    "MOST_BYTES",
    "MOST_PIXELS",
    "MOST_SIDE",
    "Photo",
    "PhotoReason",
    "re_encoded",
]
