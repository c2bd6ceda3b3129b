"""Pages for operators are served without collected static files, as the console's are."""

from tests.console.conftest import collected_files  # noqa: F401  pytest finds the fixture here
