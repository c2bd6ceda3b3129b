"""Takes GraphiQL's files from their packages; `python -m graphql_api.vendor` re-makes them.

Needs npm, which nobody needs who only runs or changes Plusone: the files are committed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "graphql_api" / "vendor"
_SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=\S+\s*$")


@dataclass(frozen=True, slots=True)
class Package:
    """What is taken of a package, beside its licence."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]


PACKAGES = (
    Package("react", "18.3.1", "MIT", ("umd/react.production.min.js",)),
    Package("react-dom", "18.3.1", "MIT", ("umd/react-dom.production.min.js",)),
    Package("graphiql", "3.8.3", "MIT", ("graphiql.min.js", "graphiql.min.css")),
)


def vendor() -> None:
    """Write each package's folder again."""
    for package in PACKAGES:
        target = FOLDER / f"{package.name}-{package.version}"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as scratch:
            _take(package, Path(scratch), target)


def _take(package: Package, scratch: Path, target: Path) -> None:
    wanted = f"{package.name}@{package.version}"
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=scratch, check=True)  # noqa: S603, S607  fixed names above
    sums = {}
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        for name in (*package.files, "LICENSE"):
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise FileNotFoundError(f"{wanted} has no {name}.")
            # The map is not taken, and a browser that looks for it would miss it.
            content = _SOURCE_MAP.sub(b"", member.read())
            (target / Path(name).name).write_bytes(content)
            sums[Path(name).name] = hashlib.sha256(content).hexdigest()
    facts = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "changed": "the sourceMappingURL comment is removed",
        "sha256": sums,
    }
    (target / "VENDOR.json").write_text(json.dumps(facts, indent=4) + "\n")


if __name__ == "__main__":
    vendor()
