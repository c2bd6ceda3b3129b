"""Runs the product on one machine: the demo, the tests, the checks.

Only Python's standard library is used here: this code makes the environment it would need.
"""

import sys

# Older Pythons do reach this line: they are told what is missing instead of a traceback.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Plusone needs Python 3.11 or newer, this is {}.{}; "
        "name a newer one with: make PYTHON=/path/to/python3".format(*sys.version_info[:2])
    )
