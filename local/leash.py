"""Becomes another program that is told to stop when the process that started it dies.

Called as `python leash.py PARENT SIGNAL UID:GID COMMAND …`, with an empty UID:GID to stay who we
are. Linux alone can do this (PR_SET_PDEATHSIG); elsewhere the command simply runs. A program of its
own instead of `preexec_fn`, which is unsafe in a process with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, death: int, account: str, command: list[str]) -> None:
    """Give up rights, tie this process to its parent, and become the command."""
    libc = ctypes.CDLL(None)
    if account:
        _become(*(int(number) for number in account.split(":")))
    if sys.platform == "linux":
        # After the change of account, which would clear it.
        libc.prctl(_PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:
            sys.exit(1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is the point
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
