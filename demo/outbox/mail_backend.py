"""Keeps mails as files, a folder for each business."""

import secrets
from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from tenants import context


class OutboxBackend(BaseEmailBackend):
    """Writes each mail to the demo's folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """The number of mails kept."""
        for mail in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
            path = folder() / name
            # Written under another name first: a reader never sees half a mail.
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(mail.message().as_bytes())
            unfinished.rename(path)
        return len(email_messages)


def folder() -> Path:
    """The active business's folder."""
    path = Path(str(settings.DEMO_DIR)) / "outbox" / context.required_schema()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def kept(*, newest: int = 100) -> list[Message]:
    """The newest mails of the active business, newest first."""
    paths = sorted(folder().glob("*.eml"), reverse=True)[:newest]
    return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
