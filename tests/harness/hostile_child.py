"""In place of the process that decodes: what a decoder might do that somebody has broken."""

import ctypes
import os
import sys
import tempfile
import time

from loyalty.photos import child


def main(deed: str) -> None:
    """Do it, within the limits of the real one."""
    child.MOST_CPU_SECONDS = 1
    child._limit()  # noqa: SLF001  these are what is tried
    sys.stdin.buffer.read(4)
    answer = sys.stdout.buffer
    if deed in {"lie", "half"}:
        answer.write(child.USUAL + (b"\xff\xff\xff\xff" if deed == "lie" else b"\0\0\0\x09WE"))
    elif deed == "words":
        answer.write(b"large and beautiful\n")
    elif deed == "keys":
        answer.write(b"!too_large\n" if set(os.environ) - {"LC_CTYPE"} else b"!too_narrow\n")
    answer.flush()
    eaten = []
    while deed == "memory":
        eaten.append(bytearray(50_000_000))
    while deed == "processor":
        pass
    if deed == "sleep":
        time.sleep(600)
    if deed == "crash":
        ctypes.string_at(0)
    if deed == "file":
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("x")
            file.flush()
        # Nobody kept it from writing.
        answer.write(b"!too_large\n")


if __name__ == "__main__":
    main(sys.argv[1])
