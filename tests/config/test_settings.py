"""Each variable with a value that makes no sense stops the start, with a sentence that names it."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = ROOT / "config" / "settings.py"
# Whatever a variable means, none of these is a value of it.
ANYWHERE = [" ", "\t", "x\ny", "x\x7fy", "x" * 5_000]
NUMBERS = ["-1", "-0", "+1", "1.5", "1e3", "0x10", "1_0", " 1", "1 ", "٣", "many", "9" * 30]
URLS = [
    "postgresql://who:canary@[::1",
    "postgresql://who:canary@host:0/db",
    "postgresql://who:canary@host:65536/db",
    "postgresql://who:canary@host:port/db",
    "http://who:canary@host/db",
    "postgresql://who:canary@host/db?nobody_knows=1",
    "password=canary unknown=1",
]
ROLES = [
    "none",
    "NONE",
    "public",
    "pg_monitor",
    "Plusone",
    "a b",
    'a"b',
    "x" * 64,
    "1app",
    "current_user",
]
HOSTILE: dict[str, list[str]] = {
    "SECRET_KEY": ["", "short", " with blanks around it "],
    "TOKEN_KEY": ["", "short", "x" * 15],
    "DATABASE_URL": ["", *URLS],
    "DATABASE_OWNER_URL": ["", *URLS],
    "DATABASE_JOBS_URL": ["", *URLS],
    "DATABASE_APP_ROLE": ["", *ROLES, "plusone_jobs"],
    "DATABASE_JOBS_ROLE": ["", *ROLES, "plusone_app"],
    "PUBLIC_HOSTS": [
        *["", ",", "a,,b", "a,a", "*", "*.example", "https://a.example", "a.example:80"],
        *["a..b", "-a", "a b", "faß.de", "a.example/", "[::1]", "x" * 254],
    ],
    "SCHEME": ["", "HTTPS", "Http", "https ", "ftp", "https://"],
    "EXTERNAL_PORT": [*NUMBERS, "0", "65536"],
    "PORT": [*NUMBERS, "0", "65536"],
    "TRUSTED_PROXIES": ["", *NUMBERS, "17"],
    "EMAIL_URL": [
        *["", "localhost", "smtp://", "http://localhost", "SMTP//x", "smtp://x:port"],
        *["smtp://x:70000", "smtp://x:-1", "smtp://x?security=TLS", "smtp://x?security=starttls"],
        *["smtp://u:canary@[::1", "smtp://x/path"],
    ],
    "MAIL_FROM": ["", "Plusone", "x@", "@x", "a b@x.example", "Plusone <>", "x@y..z"],
    "HTTP_THREADS": ["", *NUMBERS, "0", "257"],
    "REQUEST_SECONDS": ["", *NUMBERS, "0", "61"],
    "ANONYMOUS_SECONDS": ["", *NUMBERS, "0", "61"],
    "OPEN_PER_ADDRESS": ["", *NUMBERS, "0", "100001"],
    "JOB_WORKERS": ["", *NUMBERS, "0", "65"],
    "MAIL_WORKERS": ["", *NUMBERS, "0", "65"],
    "LANGUAGES": ["", "EN", "en,en", "en,", "en;de", "en,xx", "en,nl", "de", "en_GB"],
    "LOG_LEVEL": ["", "info", "Info", "VERBOSE", "10", "NOTSET"],
    "DEMO_DIR": ["/nobody/has/this", "manage.py"],
}
# Another program reads it: local/ and tenants/provisioning/template.py, which look for files there.
NOT_OF_SETTINGS = {"PG_BIN"}
# Set but empty means unset here.
MAY_BE_EMPTY = {"EXTERNAL_PORT", "PORT", "DEMO_DIR"}
GOOD = {
    "SECRET_KEY": "a secret of sixteen",
    "TOKEN_KEY": "another secret of them",
    "DATABASE_URL": "postgresql://who:canary@host:5432,5433/plusone",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test sets."""
    for name in HOSTILE:
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def loaded() -> dict[str, Any]:
    return runpy.run_path(str(SETTINGS))


def refusal() -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        loaded()
    return str(caught.value)


def _documented() -> set[str]:
    table = (ROOT / "docs" / "settings.md").read_text().partition("## What is built in")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def _read() -> set[str]:
    calls = [
        node for node in ast.walk(ast.parse(SETTINGS.read_text())) if isinstance(node, ast.Call)
    ]
    return {
        first.value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.func.attr != "wrong"
        and call.args
        and isinstance(first := call.args[0], ast.Constant)
        and isinstance(first.value, str)
    }


def test_every_variable_is_documented_and_tried_here() -> None:
    assert _read() == set(HOSTILE)
    assert _documented() == (set(HOSTILE) - {"PORT"}) | NOT_OF_SETTINGS


def test_the_required_ones_are_enough() -> None:
    found = loaded()
    assert found["OPERATOR_HOSTS"] == []
    assert found["PUBLIC_HOSTS"] == ["localhost", "127.0.0.1"]
    assert found["DATABASES"]["jobs"]["OPTIONS"]["assume_role"] == "plusone_jobs"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_one_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    assert refusal() == f"Set the environment variable {name}."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param(name, value, id=f"{name}={value[:40]!r}".replace("\x7f", "DEL"))
        for name, values in HOSTILE.items()
        for value in [*values, *ANYWHERE]
    ],
)
def test_nonsense_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if name == "PORT":
        # The demo's, and read only there.
        monkeypatch.setenv("DEMO_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    said = refusal()
    assert re.search(rf"\b{name}\b|\bDATABASE_(APP|JOBS)_ROLE\b", said)
    assert said.endswith(".")
    assert "\n" not in said
    # A URL has a password in it.
    assert "canary" not in said


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_these_may_be_empty(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    found = loaded()
    assert (found["EXTERNAL_PORT"], found["DEMO_DIR"]) == ("", None)


@pytest.mark.parametrize(
    ("name", "value", "setting", "wanted"),
    [
        ("PUBLIC_HOSTS", "Plusone.Example, ::1", "OPERATOR_HOSTS", ["plusone.example", "::1"]),
        ("SCHEME", "https", "COOKIE_PREFIX", "__Host-"),
        ("EXTERNAL_PORT", "8443", "EXTERNAL_PORT", "8443"),
        ("TRUSTED_PROXIES", "2", "TRUSTED_PROXIES", 2),
        ("EMAIL_URL", "smtp://u:p%40@mail.example", "EMAIL_HOST_PASSWORD", "p@"),
        ("EMAIL_URL", "smtp://[::1]:2525/?security=none", "EMAIL_PORT", 2525),
        (
            "MAIL_FROM",
            "Käffchen <no-reply@x.example>",
            "DEFAULT_FROM_EMAIL",
            "Käffchen <no-reply@x.example>",
        ),
        ("LANGUAGES", "en", "LANGUAGES", [("en", "English")]),
        ("LANGUAGES", "en,de", "LANGUAGES", [("en", "English"), ("de", "German")]),
        ("JOB_WORKERS", "3", "JOB_QUEUES", {"plusone": 3, "mails": 1}),
    ],
)
def test_sense_is_taken(
    name: str, value: str, setting: str, wanted: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert loaded()[setting] == wanted


def test_a_demo_on_the_open_net_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEMO_DIR", str(tmp_path))
    assert loaded()["DEMO_DIR"] == tmp_path
    monkeypatch.setenv("SCHEME", "https")
    assert refusal().startswith("DEMO_DIR must be unset where SCHEME is https")


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import config.wsgi"]])
def test_a_program_ends_with_the_sentence(command: list[str]) -> None:
    environment = {**os.environ, **GOOD, "TRUSTED_PROXIES": "-1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    said = done.stderr.strip().splitlines()[-1]
    assert said.endswith("TRUSTED_PROXIES must be a whole number from 0 to 16.")
