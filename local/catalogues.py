"""The compiled translations, made where their texts are newer."""

from local import process
from local.checkout import Checkout
from local.errors import LocalError


def ensure(checkout: Checkout) -> None:
    """After it every language answers as its texts say; instant where nothing changed.

    Raises LocalError for a text that cannot be compiled.
    """
    texts = (checkout.root / "locale").glob("*/LC_MESSAGES/django.po")
    made = ((text, text.with_suffix(".mo")) for text in texts)
    if all(
        compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime
        for text, compiled in made
    ):
        return
    command = [str(checkout.python), "-m", "config.catalogues", "compile"]
    if process.run(command, folder=checkout.root) != 0:
        raise LocalError("A translation could not be compiled: see above.")
