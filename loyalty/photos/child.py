"""`python -m loyalty.photos.child`: looks at one picture within limits that the system keeps.

It reads the picture, says by its header whether it is usual or large, waits until there is room,
and writes the two files; a line with `!` is a refusal. It knows no key, no database, no Django.
"""

import os
import resource
import struct
import sys

from loyalty.photos.bounds import MOST_BYTES, UnusableError

# Of address space, with the interpreter's own; what is allowed takes up to 650 MB of it.
MOST_MEMORY = 1_200 * 1024 * 1024
MOST_CPU_SECONDS = 10
LENGTH = struct.Struct(">I")
USUAL, LARGE = b"usual\n", b"large\n"


def main() -> None:
    """One picture, from standard input to standard output."""
    _limit()
    # Only now: the decoders themselves run within the limits.
    from loyalty.photos import picture

    given, answer = sys.stdin.buffer, sys.stdout.buffer
    (length,) = LENGTH.unpack(given.read(LENGTH.size))
    data = given.read(min(length, MOST_BYTES))
    try:
        found = picture.opened(data)
        answer.write(LARGE if picture.is_large(found) else USUAL)
        answer.flush()
        if not given.read(1):
            # Who asked has gone.
            return
        for file in picture.small_files(found):
            answer.write(LENGTH.pack(len(file)) + file)
    except UnusableError as refused:
        answer.write(f"!{refused.reason}\n".encode())
    answer.flush()


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            # A Mac keeps no limit of memory; a server does.
            if sys.platform == "linux":
                raise
    # A sale at the counter comes before a picture.
    os.nice(5)


if __name__ == "__main__":
    main()
