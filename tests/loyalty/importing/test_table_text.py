"""What is no table of text is known by its first bytes."""

import pytest

from loyalty.importing.table_text import TableText, table_text

HEADER = "email,date,amount\na@x.example,2024-01-01,5\n"


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (HEADER.encode(), TableText("utf-8-sig")),
        (HEADER.encode("utf-8-sig"), TableText("utf-8-sig")),
        (HEADER.encode("utf-16"), TableText("utf-16")),
        (b"\xfe\xff" + HEADER.encode("utf-16-be"), TableText("utf-16")),
        ("n\xe4me,email".encode("latin-1"), TableText("utf-8-sig")),
        (b"", TableText("utf-8-sig")),
        (b"[email],date", TableText("utf-8-sig")),
        (b"<a@x.example>,date", TableText("utf-8-sig")),
        (HEADER.encode("utf-16-le"), TableText("utf-8-sig", "wide")),
        (HEADER.encode("utf-16-be"), TableText("utf-8-sig", "wide")),
        (HEADER.encode("utf-32"), TableText("", "wide")),
        (HEADER.encode("utf-32-le"), TableText("utf-8-sig", "wide")),
        (b"PK\x03\x04\x14\x00", TableText("utf-8-sig", "workbook")),
        (b"\x1f\x8b\x08", TableText("utf-8-sig", "packed")),
        (b"a" * 257 + b"ustar\x0000", TableText("utf-8-sig", "packed")),
        (b"\x89PNG\r\n\x1a\n", TableText("utf-8-sig", "picture")),
        (b"%PDF-1.7", TableText("utf-8-sig", "document")),
        (b"  <!DOCTYPE html>", TableText("utf-8-sig", "markup")),
        (b'[{"email": 1}]', TableText("utf-8-sig", "json")),
        (b"email,date,amount\na@x.example,2024\x00", TableText("utf-8-sig", "binary")),
    ],
)
def test_the_beginning_tells(start: bytes, found: TableText) -> None:
    assert table_text(start) == found
