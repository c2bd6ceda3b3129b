"""Visits from another system become visits here."""

from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.importing.import_report import ImportReport
from loyalty.importing.import_rows import WRITTEN
from loyalty.importing.import_values import LineReason
from loyalty.importing.read_history import BadLine

__all__ = [
    "WRITTEN",
    "BadLine",
    "ImportReport",
    "ImportRequest",
    "LineReason",
    "import_history",
]
