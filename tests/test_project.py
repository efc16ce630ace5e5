"""Facts about the project itself: what lies where, how long files are, and which module may import which.

To allow or forbid an import, change a row of `LAYERS` (the project's own packages) or `HEAVY` (slow libraries).
"""

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = ("app.py", "requirements.txt", "viewer", "tests", "assets", "README.md")
LONGEST_FILE = 400
# A path of one machine, such as a home folder of its superuser, and the hosts that packages come from.
MACHINE_PATH = re.compile(r"(?<![\w.~*<>-])/(?:root|tmp|work)/")
REGISTRIES = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
)
# Recorded or invented traces speak of the machines they ran on.
TRACES = ("assets/demo/",)


class Layer(NamedTuple):
    """What the modules of one package may import from the project.

    The row with the longest name that fits a module counts; a package's own file is `package.__init__`. Of `may` and
    `never`, the longest name that fits the import decides. Parts of one format or annotator, named with the same first
    word (`claude_code`, `claude_text`), may always import each other.
    """

    package: str
    may: tuple[str, ...]
    never: tuple[str, ...] = ()


class Heavy(NamedTuple):
    """Where a library that is slow to import may be imported, and where even when the module is loaded."""

    library: str
    places: tuple[str, ...]
    when_loaded: tuple[str, ...] = ()


MODEL = "viewer.model"
# What the formats share; every other module of viewer.formats belongs to one format.
READING = tuple(
    f"viewer.formats.{name}" for name in ("contract", "records", "builder", "tree", "tools", "images", "values")
)
# What the annotators share; every other module of viewer.annotations is one annotator (and its satellites).
ANNOTATING = (
    "viewer.annotations.contract",
    "viewer.commands",
    "viewer.edits",
    "viewer.attempts",
    "viewer.jobs",
    "viewer.brief",
    "viewer.columns",
    "viewer.plural",
)
FRONT = ("viewer.web", "viewer.ui")

LAYERS = (
    Layer(MODEL, may=()),
    Layer("viewer.formats", may=(MODEL, *READING)),
    Layer("viewer.formats.__init__", may=(MODEL, "viewer.collector", "viewer.formats")),
    Layer("viewer.annotations", may=(MODEL, *ANNOTATING)),
    Layer("viewer.annotations.__init__", may=(MODEL, "viewer.collector", "viewer.annotations", *ANNOTATING)),
    Layer("viewer.sources", may=("viewer",), never=("viewer.formats", "viewer.library", *FRONT)),
    # Everything between the sources and the library: columns, metrics, quality, cache and the like.
    Layer("viewer", may=("viewer",), never=("viewer.library", *FRONT)),
    Layer("viewer.library", may=("viewer",), never=FRONT),
    # What is made from the library's answers.
    *(Layer(name, may=("viewer",), never=FRONT) for name in ("viewer.overview", "viewer.comparison")),
    Layer("viewer.web", may=("viewer",), never=("viewer.ui",)),
    Layer("viewer.ui", may=("viewer",)),
    Layer("app", may=("viewer",)),
    Layer("assets", may=()),
)

HEAVY = (
    Heavy("gradio", places=("viewer.ui", "app"), when_loaded=("viewer.ui", "app")),
    Heavy(
        "huggingface_hub",
        places=("viewer.sources.hub_client", "viewer.publish.commit"),
        when_loaded=("viewer.sources.hub_client",),
    ),
    Heavy("sklearn", places=("viewer.evalcheck.check", "viewer.evalcheck.model", "viewer.evalcheck.splits")),
    Heavy("datasets", places=()),
    Heavy("pandas", places=()),
    Heavy("pyarrow", places=("viewer",)),
    Heavy("kingfisher_sdk", places=("viewer.redaction",)),
)

# Reading a trace from the command line or a script must not wait for these.
LIGHT = (MODEL, "viewer.formats", "viewer.annotations", "viewer.library")
SLOW = ("gradio", "datasets", "pandas", "pyarrow", "sklearn", "kingfisher_sdk")


class Import(NamedTuple):
    """One imported name, where it stands, and whether loading the module runs it."""

    line: int
    target: str
    when_loaded: bool


def test_the_top_level_holds_only_what_the_project_fixed() -> None:
    names = {Path(name).parts[0] for name in _tracked()}
    assert {name for name in names if not name.startswith(".")} <= set(TOP_LEVEL)


def test_no_file_of_the_program_is_too_long() -> None:
    long = [
        f"{name} has {count} lines, {LONGEST_FILE} are allowed"
        for name in _tracked()
        if name.startswith(("viewer/", "assets/js/"))
        if (count := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert not long, "\n".join(long)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    found = []
    for name in _tracked():
        if name.startswith(TRACES) or (text := _text(ROOT / name)) is None:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE_PATH.search(line) or any(host in line for host in REGISTRIES):
                found.append(f"{name}:{number}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _modules(ROOT, ("app.py", "viewer", "tests", "assets"))
        if not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert not silent, f"no docstring at the top: {', '.join(silent)}"


def test_the_readme_names_only_files_that_exist() -> None:
    readme = ROOT / "README.md"
    if not readme.is_file():
        pytest.skip("there is no README.md yet")
    missing = [
        f"{word} in: {command}"
        for command in _commands(readme.read_text(encoding="utf-8"))
        for word in shlex.split(command, comments=True)
        if _names_a_file(word) and not (ROOT / word).exists()
    ]
    assert not missing, "\n".join(missing)


def test_the_readme_gives_the_app_only_options_it_has() -> None:
    readme, app = ROOT / "README.md", ROOT / "app.py"
    if not (readme.is_file() and app.is_file()):
        pytest.skip("there is no README.md or app.py yet")
    options = {
        word.partition("=")[0]
        for command in _commands(readme.read_text(encoding="utf-8"))
        if "app.py" in command
        for word in shlex.split(command.partition("app.py")[2], comments=True)
        if word.startswith("-")
    }
    shown = subprocess.run([sys.executable, str(app), "--help"], capture_output=True, text=True, check=True).stdout
    assert not {option for option in options if option not in shown}


def test_modules_import_only_what_their_layer_may() -> None:
    broken = layer_breaks(ROOT)
    assert not broken, "\n".join(broken)


def test_heavy_libraries_are_imported_only_in_their_place() -> None:
    broken = heavy_breaks(ROOT)
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("module", LIGHT)
def test_loading_loads_no_slow_library(module: str) -> None:
    place = ROOT.joinpath(*module.split("."))
    if not (place.with_suffix(".py").is_file() or place.is_dir()):
        pytest.skip(f"there is no {module} yet")
    program = f"import sys, {module}; print(*set({SLOW!r}).intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("viewer/model.py", "import viewer.formats"),
        ("viewer/formats/codex.py", "from viewer.formats import pi"),
        ("viewer/formats/codex.py", "from . import pi"),
        ("viewer/sources/hub.py", "from viewer.formats.records import Records"),
        ("viewer/metrics.py", "def row():\n    from viewer.library import Library"),
        ("viewer/web/routes.py", "import viewer.ui.shell"),
        ("assets/demo/write.py", "import viewer.model"),
    ],
)
def test_an_import_from_a_higher_layer_is_seen(tmp_path: Path, name: str, line: str) -> None:
    _write(tmp_path, name, line)
    assert len(layer_breaks(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("viewer/web/routes.py", "import gradio"),
        ("viewer/web/routes.py", "def page():\n    from gradio import Blocks"),
        ("viewer/library.py", "import pandas.api"),
        ("viewer/outcomes.py", "try:\n    import sklearn\nexcept ImportError:\n    raise"),
    ],
)
def test_a_heavy_library_out_of_place_is_seen(tmp_path: Path, name: str, line: str) -> None:
    _write(tmp_path, name, line)
    assert len(heavy_breaks(tmp_path)) == 1


def test_allowed_imports_are_let_through(tmp_path: Path) -> None:
    for name in ("claude_text", "records"):
        _write(tmp_path, f"viewer/formats/{name}.py", "")
    _write(tmp_path, "viewer/formats/claude_code.py", "from viewer.formats import claude_text, records")
    _write(tmp_path, "viewer/library.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pyarrow")
    _write(tmp_path, "viewer/evalcheck/check.py", "def score():\n    import sklearn.metrics")
    assert layer_breaks(tmp_path) == heavy_breaks(tmp_path) == []


def layer_breaks(root: Path) -> list[str]:
    """A line for each import in the project at `root` that `LAYERS` does not allow."""
    broken = []
    for path in _modules(root, ("app.py", "viewer", "assets")):
        module = _module_name(path, root)
        layer = max((row for row in LAYERS if _within(module, row.package)), key=lambda row: len(row.package))
        for found in _imports(path, module, root):
            if not _within(found.target, "viewer") or found.target == "viewer" or _family(module, found.target):
                continue
            fitting = [rule for rule in (*layer.may, *layer.never) if _within(found.target, rule)]
            if max(fitting, key=len, default="") not in layer.may:
                rule = f"{layer.package} may import {layer.may or 'nothing'}, never {layer.never or 'anything else'}"
                broken.append(f"{path.relative_to(root)}:{found.line} imports {found.target}: {rule}")
    return list(dict.fromkeys(broken))


def heavy_breaks(root: Path) -> list[str]:
    """A line for each import in the project at `root` that `HEAVY` does not allow."""
    broken = []
    for path in _modules(root, ("app.py", "viewer")):
        module = _module_name(path, root)
        for found in _imports(path, module, root):
            for row in HEAVY:
                allowed = row.when_loaded if found.when_loaded else row.places
                if _within(found.target, row.library) and not any(_within(module, place) for place in allowed):
                    how = "when loaded" if found.when_loaded else "inside a function"
                    rule = f"{row.library} {how} only in {allowed or 'no module'}"
                    broken.append(f"{path.relative_to(root)}:{found.line} imports {found.target}: {rule}")
    return list(dict.fromkeys(broken))


def _imports(path: Path, module: str, root: Path) -> Iterator[Import]:
    """Every import of a file, wherever it stands; a name that is itself a module is the target."""
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_bytes()), True)]
    while waiting:
        node, loaded = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name, loaded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join((*module.split(".")[: -node.level], node.module or "")).rstrip(".")
            source = base if node.level else node.module or ""
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                place = root.joinpath(*inner.split("."))
                is_module = place.is_dir() or place.with_suffix(".py").is_file()
                yield Import(node.lineno, inner if is_module else source, loaded)
        # A function's body runs later, and what only a type checker reads never runs.
        types_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        loaded &= not (types_only or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        waiting.extend((child, loaded) for child in ast.iter_child_nodes(node))


def _family(module: str, target: str) -> bool:
    """Whether both are parts of one format, annotator or the like: same package, same first word."""
    one, other = module.split("."), target.split(".")
    shared = len(one) > 2 and len(other) > 2 and one[:2] == other[:2]
    return shared and one[2].split("_")[0] == other[2].split("_")[0]


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _module_name(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts)


def _modules(root: Path, places: tuple[str, ...]) -> list[Path]:
    """The Python files at those places, as far as they are there."""
    return sorted(path for place in places for path in (root / place, *(root / place).rglob("*.py")) if path.is_file())


def _tracked() -> list[str]:
    """The files that are, or are about to be, in the project, as git lists them."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        top = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git lists no files here: there is no git, or this is no checkout of its own")
    if Path(top.stdout.strip()).resolve() != ROOT:
        pytest.skip("this folder is not the root of a checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _text(path: Path) -> str | None:
    """The text of a file, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _commands(readme: str) -> list[str]:
    """The lines of the README's shell blocks, without their prompts."""
    blocks = re.findall(r"^```(?:sh|bash|shell|console)\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _names_a_file(word: str) -> bool:
    """Whether a word of a command is a path in the project, by what the project's top level holds."""
    first = word.removeprefix("./").split("/")[0]
    return first in (*TOP_LEVEL, ".ci", ".github") or (word.endswith((".py", ".txt")) and "/" not in word)


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
