"""`python -m config.catalogues update|compile`: sentences out of the code, translations into it.

Babel does both, so that nobody needs gettext's own tools. What is translated lies in
`locale/LANGUAGE/LC_MESSAGES/django.po`; the compiled files beside them are made, not kept.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# As Django names them; Babel's name where it is another.
TRANSLATED = (
    *("ar", "de", "el", "es", "et", "fr", "hi", "it", "ja", "kk"),
    *("lt", "lv", "pl", "pt", "ru", "th", "uk", "zh_Hans"),
)
_FOLDERS = ("console", "demo", "graphql_api", "hosting", "loyalty", "tenants")
_KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_TEMPLATES = {".html", ".txt", ".svg"}


def sentences() -> Catalog:
    """Every sentence that the code and its templates mark for translation."""
    found = Catalog(project="Plusone", charset="utf-8")
    for path in sorted(_sources()):
        name = str(path.relative_to(ROOT))
        for line, message, _comments, context in _marked(path):
            found.add(message, locations=[(name, line)], context=context)
    return found


def catalogue(language: str) -> Path:
    """Where the translations into this language lie."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translations into this language."""
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Add what is new in the code to every language, untranslated, and drop what is gone."""
    template = sentences()
    for language in TRANSLATED:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        found = read(language) if path.exists() else _new(language)
        created = found.creation_date
        # A guess at what a changed sentence means would be read as if somebody had said it.
        found.update(template, no_fuzzy_matching=True, update_header_comment=False)
        found.obsolete.clear()
        # Else every run would be a change.
        found.creation_date = created
        with path.open("wb") as file:
            write_po(file, found, width=100, sort_output=True, no_location=True, omit_header=False)


def _new(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Plusone",
        version="1",
        header_comment=f"# Plusone in {Locale.parse(language).english_name}.",
        last_translator="the people who build Plusone",
        language_team="Plusone",
        msgid_bugs_address="the issues of the project",
        fuzzy=False,
    )


def compile_all() -> None:
    """Make the compiled files whose translations are newer."""
    for language in TRANSLATED:
        path = catalogue(language)
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, read(language))
        # At once: another process may be reading it.
        fresh = made.with_suffix(".new")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(made)


def _sources() -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            is_template = path.suffix in _TEMPLATES and "templates" in path.parts
            if path.suffix == ".py" or is_template:
                yield path


def _marked(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    text = path.read_text()
    if path.suffix != ".py":
        # In brackets, where Python does not care how a template is indented.
        text = f"({templatize(text, origin=str(path))}\n)"
    yield from extract("python", io.BytesIO(text.encode()), keywords=_KEYWORDS)


def main(arguments: list[str]) -> int:
    """Do what is asked for; 2 for anything else."""
    deeds = {"update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in deeds:
        print(__doc__, file=sys.stderr)  # noqa: T201  how it is used
        return 2
    deeds[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
