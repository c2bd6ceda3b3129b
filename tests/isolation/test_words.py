"""What people read stands in `loyalty/wording/` and in templates, and nowhere else.

`tenants/`, `config/` and `local/` are not looked at: they know no product, and what they say is
said by a server or on a terminal before there is a business. `demo/` is businesses' own data.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("graphql_api", "console", "hosting", "loyalty")
WORDING = "loyalty/wording/"
# What may hold sentences besides, each with its reason.
EXCEPTED = {
    # The API about its own protocol, to those who write its clients; in one file for that.
    "graphql_api/technical.py": "documents, cursors, sockets: no user can mend them",
    "graphql_api/errors_page.py": "the frame of docs/errors.md, which programmers read",
    # Technical lines on a terminal; what is said of the product there is in wording.
    "hosting/management/commands/": "operators read them in a terminal, in English",
    "hosting/terminal/": "how far a command is",
    "hosting/operators/": "labels and help of the operators' own admin, in English",
}
# Single texts, by their file.
EXCEPTED_TEXTS: dict[str, set[str]] = {
    # What an owner may call a gift of a first program: data, like what they write in its place.
    "loyalty/programs/set_up_business.py": {"Free coffee"},
    # A job's result, which operators find in the queue.
    "loyalty/jobs.py": {"X done, X failed"},
}
# Words for programmers: in the schema, in a form's and a command's own help.
DOCUMENTING = {"description", "deprecation_reason", "help", "help_text", "verbose_name"}
DOCUMENTED_BY = re.compile(r"strawberry\.\w+|described|(log|logging)\.\w+|re\.compile")
# What nobody but programmers reads, in a traceback: a refusal is none of these.
ERRORS = re.compile(r"\w+Error")
# These have readers: a caller's mistake, and an operator's.
READ = {"PublicError", "GraphQLError", "CommandError", "UnreadableError", "SocketRefusedError"}
SQL = re.compile(
    r".*ORDER BY|(SELECT|INSERT|UPDATE|DELETE|WITH|WHERE|FROM|AND|OR|ON|SET|CASE|LEFT|JOIN|VALUES"
    r"|LOCK|BEGIN|COMMIT|COPY|CREATE|ALTER|ORDER|GROUP|UNION|RETURNING|NOTIFY|EXISTS|NOT)\b"
)
# A capital, or a value in its place, and words behind it; or words up to a full stop.
BEGUN = re.compile(r"\W?([A-Z][a-z']*|\d+|%\(\w+\)s)[,:]?( [\w'“”-]+[,:]?)* [a-z][\w'-]+")
ENDED = re.compile(r"[\w'”)]+( [\w'“”()-]+[,:;]?){2,} ?.*[a-zX”)][.!?]", re.DOTALL)


def is_sentence(text: str) -> bool:
    """True for what looks like words for people."""
    text = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    words = re.findall(r"[^\W\d_]{2,}", text)
    if len(words) < 2 or SQL.match(text):
        return False
    return bool(BEGUN.match(text) or ENDED.fullmatch(text))


def of(node: ast.expr) -> str | None:
    """A literal's text; what is put into it stands as X."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(of(part) or "X" for part in node.values)
    return None


def passed_over(tree: ast.Module) -> set[int]:
    """The nodes that are words for programmers, or parts of what is looked at as a whole."""
    found: set[int] = set()
    described: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Module(body=[ast.Expr(text), *_])
                | ast.ClassDef(body=[ast.Expr(text), *_])
                | ast.FunctionDef(body=[ast.Expr(text), *_])
                | ast.AsyncFunctionDef(body=[ast.Expr(text), *_])
            ):
                found.add(id(text))
            case ast.Call(func):
                if DOCUMENTED_BY.fullmatch(ast.unparse(func)):
                    found |= below(node)
            case ast.keyword(arg, value) if arg in DOCUMENTING:
                found |= below(value)
                described |= {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            case ast.Raise(ast.Call(func) as error):
                name = ast.unparse(func).rpartition(".")[2]
                if ERRORS.fullmatch(name) and name not in READ:
                    found |= below(error)
            case ast.JoinedStr(values):
                found |= {id(each) for each in values}
    return found | named(tree, described)


def below(node: ast.AST) -> set[int]:
    return {id(each) for each in ast.walk(node)}


def named(tree: ast.Module, names: set[str]) -> set[int]:
    """The values of constants by which something is described."""
    found: set[int] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and {ast.unparse(each) for each in node.targets} & names:
            found |= below(node.value)
    return found


def sentences(tree: ast.Module) -> Iterator[str]:
    """What looks like words for people in a module."""
    skipped = passed_over(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (each.name for each in node.names if "gettext" in each.name)
        elif isinstance(node, ast.expr) and id(node) not in skipped:
            text = of(node)
            if text is not None and is_sentence(text):
                yield " ".join(text.split())


def misplaced(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "migrations" in path.parts or name.startswith((WORDING, *EXCEPTED)):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from (
            (name, each) for each in sentences(tree) if each not in EXCEPTED_TEXTS.get(name, ())
        )


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_people_read_is_in_wording_alone(folder: str) -> None:
    assert list(misplaced(folder)) == []


@pytest.mark.parametrize(
    "planted",
    [
        'title = gettext("Full")',
        'TEXTS = {"done": "Your card is full"}',
        'page(request, text=f"{count} more to go")',
        'raise PublicError("BAD", "This cannot be done.")',
        'said = "%(n)s stamps wait for you"',
        'said = "That is all for today, " + name',
        'def deed():\n    """Says it."""\n    return "nothing was added here."',
    ],
)
def test_a_sentence_is_seen(planted: str) -> None:
    tree = ast.parse(f"from django.utils.translation import gettext\n{planted}")
    assert len(list(sentences(tree))) == 2 - ("gettext(" in planted)


@pytest.mark.parametrize(
    "planted",
    [
        '"""What this file is about."""',
        'log.warning("The limits of %s were not those of its plan.", schema)',
        'raise ValueError("Each value has one sentence.")',
        'strawberry.field(description="The name that customers read.")',
        'TOLD = "The name that customers read."\nstrawberry.field(description=TOLD)',
        'parser.add_argument("schema", help="All businesses when left out")',
        'SQL = "SELECT id FROM loyalty_card WHERE program_id = %s"',
        'tx.send(f"{INSERT} (a, b) SELECT id FROM x ORDER BY id")',
        'kind = "qualified_visit"',
        'header = "Retry-After"',
    ],
)
def test_what_is_for_programmers_is_passed_over(planted: str) -> None:
    assert list(sentences(ast.parse(planted))) == []


def test_every_exception_is_needed() -> None:
    """A file or text that has no sentence any more is no exception."""
    for name in EXCEPTED:
        where = ROOT / name
        files = [where] if where.is_file() else sorted(where.rglob("*.py"))
        assert any([*sentences(ast.parse(each.read_text()))] for each in files), name
    for name, texts in EXCEPTED_TEXTS.items():
        assert texts <= {*sentences(ast.parse((ROOT / name).read_text()))}, name
