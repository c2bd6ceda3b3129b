"""How commands end: in words, and with the right number."""

import signal
import subprocess
import sys

import pytest

from local.checkout import Checkout


def _command(body: str) -> list[str]:
    code = f"import time\nfrom local import entry, errors\ndef main(arguments):\n    {body}\n"
    return [sys.executable, "-c", code + "entry.run(main)"]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("return 3", 3, ""),
        ("raise errors.LocalError('Do this.')", 1, "\nDo this.\n"),
        ("open('/nowhere/at/all')", 1, "\n/nowhere/at/all: No such file or directory\n"),
    ],
)
def test_a_problem_is_one_sentence(body: str, code: int, said: str) -> None:
    ended = subprocess.run(
        _command(body), cwd=Checkout.here().root, check=False, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (code, said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_lets_the_end_happen_undisturbed(number: signal.Signals) -> None:
    body = (
        "try: print(flush=True); time.sleep(60)\n"
        "    finally: print(flush=True); input(); print('cleaned up')"
    )
    with subprocess.Popen(
        _command(body),
        cwd=Checkout.here().root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout is not None
        command.stdout.readline()
        command.send_signal(number)
        command.stdout.readline()
        command.send_signal(number)
        said, _ = command.communicate("\n")
    assert said == "cleaned up\n"
    assert command.returncode == 128 + number
