"""Log lines say which business they belong to, stay short, and quote no secret."""

import json
import logging
import sys
import traceback
from io import StringIO

from django.conf import settings

from config.logging import QuietFormatter, SecretFilter
from tenants import context
from tests.harness.threads import in_thread


def _logged(
    text: str, *values: object, with_exception: bool = False, name: str = "x"
) -> dict[str, object]:
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(SecretFilter())
    handler.setFormatter(QuietFormatter(settings.LOGGING["formatters"]["json"]["format"]))
    error = sys.exc_info() if with_exception else None
    handler.handle(logging.LogRecord(name, logging.INFO, "", 1, text, values, error))
    assert out.getvalue().count("\n") == 1
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_a_line_carries_its_business() -> None:
    assert _logged("hello %s", "you")["schema"] == "alpha"
    assert _logged("hello")["message"] == "hello"
    with context.business("beta"):
        assert _logged("hello")["schema"] == "beta"
    assert in_thread(lambda: _logged("hello"))["schema"] is None


def test_a_long_line_is_cut() -> None:
    assert len(str(_logged("%s", "x" * 100_000)["message"])) == 2_000


def test_a_line_break_makes_no_second_line() -> None:
    text = 'a\n{"level": "forged"}\r\n\0 \ud800 100%'
    assert _logged("%s", text)["message"] == text


def test_an_exception_is_not_quoted() -> None:
    text = str(object())
    try:
        dict[str, str]()[text]
    except KeyError:
        found = _logged("failed", with_exception=True)
    assert str(found["exc_info"]).endswith("KeyError")
    assert text not in json.dumps(found)


def test_tokens_in_addresses_are_taken_out() -> None:
    for path in ("/c/AbC-_1", "/l/AbC-_1"):
        assert "AbC" not in json.dumps(_logged("GET %s HTTP/1.1", path))


def test_what_a_job_failed_with_is_not_quoted() -> None:
    try:
        int("Key (email)=(a@b.example) is there")
    except ValueError as error:
        failure = f"{error} : {traceback.format_exc()}"
    found = str(_logged("Failed %r (tree-nine) - %s", "a.job", failure, name="django-q")["message"])
    assert found.startswith("Failed 'a.job' (tree-nine): ValueError\n  File ")
    assert found.endswith("in test_what_a_job_failed_with_is_not_quoted")
    assert "example" not in found
