"""A private Postgres, which only this machine's owner of its folder can reach."""

import subprocess
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT, SIGTERM
from typing import Self

from local import account, binaries, database, datafolder, logfile, places, postmaster, process
from local import sockets as socket_folder
from local.account import Account
from local.binaries import Binaries
from local.checkout import Checkout
from local.errors import LocalError
from local.postmaster import Postmaster
from local.profile import Profile

_PATIENCE = 60.0
# A killed server's children leave its memory within moments; until then it cannot start.
_PASSES = "shared memory block"


@dataclass
class Server:
    """A server and its folder; objects in several processes may mean the same server."""

    checkout: Checkout
    home: Path
    log: Path
    runner: Account | None
    profile: Profile
    name: str = "Postgres"
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _log_begins: int = 0

    @classmethod
    def of(cls, checkout: Checkout, folder: Path, profile: Profile, salt: str = "") -> Self:
        """The server of a folder in the checkout, not started."""
        runner = account.unprivileged()
        home = places.reachable(checkout.root, folder, runner, salt)
        if runner:
            # An ordinary user may have made the data: then root goes on as that user.
            runner = account.owner_of(home / "postgres") or runner
        return cls(checkout, home, folder / "logs" / "postgres.log", runner, profile)

    @cached_property
    def programs(self) -> Binaries:
        """The programs it runs, out of the checkout's environment."""
        return binaries.find(self.checkout, self.runner)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "postgres"

    @property
    def url(self) -> str:
        """How to connect to the database `plusone` while the server runs, as libpq reads it."""
        return database.url(self._running().sockets)

    def start(self) -> None:
        """Serving when it returns; a server that already runs from the folder is taken over."""
        datafolder.ensure(self.data, self.programs, self.runner, self.profile)
        deadline = time.monotonic() + _PATIENCE
        launched = False
        while not self._is_serving():
            if time.monotonic() > deadline:
                raise LocalError(f"Postgres does not answer from {self.data}; see {self.log}")
            if not self.alive():
                if launched:
                    self._judge_failure()
                self._launch()
                launched = True
            time.sleep(0.02)

    def alive(self) -> bool:
        """Whether the server runs, is just starting, or is about to stop."""
        # Asking the child also reaps it.
        child = self._child is not None and self._child.poll() is None
        return child or postmaster.find(self.data) is not None

    def stop(self) -> None:
        """Gone with all its processes when it returns; asked first, forced in the end."""
        if self.alive():
            self._end()
            postmaster.clear_remains(self.data)
        socket_folder.remove(self.home)

    def _end(self) -> None:
        for number, patience in ((SIGINT, 8.0), (SIGQUIT, 2.0), (SIGKILL, 2.0)):
            if running := postmaster.find(self.data):
                running.send(number)
            elif self._child:
                process.end(self._child, number, patience)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.02)
            if not self.alive():
                return

    def _running(self) -> Postmaster:
        if running := postmaster.find(self.data):
            return running
        raise LocalError(f"Postgres does not run from {self.data}.")

    def _is_serving(self) -> bool:
        running = postmaster.find(self.data)
        if running and running.status == "stopping":
            running.send(SIGINT)
        if running is None or running.status != "ready":
            return False
        try:
            database.ensure(self.programs, self.runner, running.sockets)
        except LocalError:
            # One that we take over may just be stopping: then another is started.
            if postmaster.find(self.data) == running:
                raise
            return False
        return True

    def _launch(self) -> None:
        postmaster.clear_remains(self.data)
        options = self.profile.arguments(socket_folder.make(self.home, self.runner))
        with logfile.opened(self.log) as output:
            self._log_begins = logfile.size(self.log)
            self._child = process.spawn(
                [self.programs.program("postgres"), "-D", str(self.data), *options],
                folder=Path("/"),
                output=output,
                environment=database.environment(),
                account=self.runner,
                # Waits until the product, which is told to stop too, has let go of it: without its
                # database that would take longer. The next start does not wait so long.
                death=SIGTERM,
            )

    def _judge_failure(self) -> None:
        reason = logfile.failure(self.log, self._log_begins)
        if _PASSES not in reason:
            raise LocalError(
                f"Postgres could not start from {self.data}: {reason} "
                f"({self.log} says more; move the folder away to begin anew)"
            )
        time.sleep(0.2)
