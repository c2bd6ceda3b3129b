"""An index of packages where newer releases of everything have appeared."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Self

from local.errors import LocalError

_LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^\]]*\])?==(?P<version>[^\s;]+)"
    r"(?: ; (?P<marker>[^\\\n]+?))?\s*\\?$",
    re.MULTILINE,
)
_WHEEL = "Wheel-Version: 1.0\nGenerator: plusone\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Pin:
    """A line of a lock: this version of a package, where the marker holds."""

    name: str
    extras: str
    version: str
    marker: str

    @classmethod
    def all_of(cls, lock: str) -> list[Self]:
        """The pins of a lock's text."""
        found = _LINE.finditer(lock)
        return [
            cls(**{key: text or "" for key, text in each.groupdict().items()}) for each in found
        ]

    def with_hash(self, digest: str) -> str:
        """The line again, for a wheel with this SHA-256."""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{self.extras}=={self.version}{marker} --hash=sha256:{digest}\n"


def rehearse(lock: str, *, installed: Path, folder: Path) -> Path:
    """Fill the folder with wheels; the same lock for them.

    The wheels say of themselves what the installed packages say, and hold nothing. Each pinned
    version has company of its next patch, minor and major release. Raises LocalError for a pin
    that is not installed though its marker does not explain why.
    """
    folder.mkdir(parents=True)
    known = {_plain(each.name): each for each in distributions(path=[str(installed)])}
    rehearsed = folder / "rehearsed.lock"
    with rehearsed.open("w", encoding="utf-8") as file:
        for pin in Pin.all_of(lock):
            about = known.get(_plain(pin.name))
            if about is None and not pin.marker:
                raise LocalError(f"{pin.name} is locked but not installed.")
            file.write(pin.with_hash(_wheel(folder, pin.name, pin.version, about)))
            for version in _newer(pin.version):
                _wheel(folder, pin.name, version, about)
    return rehearsed


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _newer(version: str) -> Iterator[str]:
    """The next release at each place: of 1.4.2 these are 2.0.0, 1.5.0 and 1.4.3."""
    release = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(number) for number in release.group().split(".")] if release else []
    for place, number in enumerate(numbers):
        after = [0] * (len(numbers) - place - 1)
        yield ".".join(map(str, [*numbers[:place], number + 1, *after]))


def _wheel(folder: Path, name: str, version: str, about: Distribution | None) -> str:
    """Write a wheel; its SHA-256."""
    stem = f"{_plain(name)}-{version}"
    files = {
        "METADATA": "\n".join(_metadata(name, version, about)),
        "WHEEL": _WHEEL,
        "RECORD": "",
    }
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            # ZipInfo's own date is the same on every day, and so is the hash.
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{file}"), text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _metadata(name: str, version: str, about: Distribution | None) -> Iterator[str]:
    yield from ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}")
    yield from _repeated(
        "Provides-Extra", about.metadata.get_all("Provides-Extra") if about else ()
    )
    yield from _repeated("Requires-Dist", about.requires if about else ())
    yield from ("", "")


def _repeated(field: str, values: Iterable[str] | None) -> Iterator[str]:
    return (f"{field}: {value}" for value in values or ())
