"""Private names of libraries: each is used in one module and behaves as that module expects.

A name that begins with an underscore may change with any release of its library. When a test here
fails after an upgrade, its message names the module to look at.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.widgets import Input
from textual_serve.app_service import AppService
from textual_serve.server import Server
from whoosh.codec import whoosh3
from whoosh.columns import NumericColumn
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

import index
import tui

ROOT = Path(__file__).resolve().parents[1]

PRIVATE: dict[str, set[str]] = {
    "index/engines/whoosh/reader.py": {
        "_basepos", "_cached_reader", "_count", "_dbfile", "_fieldmap", "_lenfield", "_perdoc",
        "_segments", "_terms", "_tindex", "_typecode",
    },
    "tui/platform/textual_private.py": {
        "_batch_count", "_bindings", "_check_bindings", "_compositor_refresh", "_driver", "_file",
        "_must_signal_resume", "_repaint_required",
    },
    "tui/platform/web.py": {"_make_app", "_process", "_process_messages"},
}  # fmt: skip
"""Modules, and the private names of libraries that each uses, alone."""

PUBLIC = {"_asdict", "_fields", "_replace"}
"""Documented names of named tuples, whose underscore keeps them apart from names of fields."""


# -- one module for each name ----------------------------------------------------------------------


def sources() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in ("index", "tui")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def is_private(name: object) -> bool:
    return isinstance(name, str) and bool(re.match(r"_[a-z]", name)) and name not in PUBLIC


def defined(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case ast.Name(ctx=ast.Store()):
                yield node.id


def used(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield the private names that a module uses, and whether each is one of its own object's."""
    for node in ast.walk(tree):
        names: list[object] = []
        own = False
        match node:
            case ast.Attribute():
                names = [node.attr]
                own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            case ast.ImportFrom():
                names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            case ast.Import():
                names = [part for alias in node.names for part in alias.name.split(".")]
            case ast.Call(func=ast.Name(id="getattr" | "setattr" | "hasattr"), args=[_, name, *_]):
                names = [name.value] if isinstance(name, ast.Constant) else []
        yield from ((str(name), own) for name in names if is_private(name))


def test_private_names_are_used_in_one_module_each() -> None:
    trees = sources()
    ours = {name for tree in trees.values() for name in defined(tree)}
    listed = {name for names in PRIVATE.values() for name in names}
    for path, tree in trees.items():
        for name, own in used(tree):
            foreign = name not in ours or (name in listed and not own)
            assert not foreign or name in PRIVATE.get(path, ()), (
                f"{path} uses {name}, a private name of a library; one module uses each, and is "
                "listed in tests/test_private_names.py"
            )


def test_listed_names_are_used() -> None:
    trees = sources()
    for path, names in PRIVATE.items():
        assert names == names & {name for name, _ in used(trees[path])}, path


def test_private_methods_of_libraries_are_not_overridden_unless_listed() -> None:
    for package in (index, tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            classes = vars(importlib.import_module(module.name)).values()
            for one in filter(inspect.isclass, classes):
                if one.__module__ == module.name:
                    listed = PRIVATE.get(f"{module.name.replace('.', '/')}.py", set())
                    assert listed.issuperset(overridden(one)), one


def overridden(one: type) -> Iterator[str]:
    """Yield the private methods of a class that a base class of a library has too."""
    foreign = [
        base for base in one.__mro__ if base.__module__.split(".")[0] not in ("index", "tui")
    ]
    for name, value in vars(one).items():
        if is_private(name) and inspect.isfunction(value) and value.__module__ == one.__module__:
            yield from (name for base in foreign if name in vars(base))


# -- canaries --------------------------------------------------------------------------------------


def whoosh_term_table() -> bool:
    source = inspect.getsource(whoosh3.W3TermsReader)
    return "self._tindex =" in source and "self._fieldmap =" in source


def whoosh_columns() -> bool:
    source = inspect.getsource(NumericColumn.Reader)
    names = ("_dbfile", "_basepos", "_typecode", "_count")
    return all(f"self.{name} =" in source for name in names)


def whoosh_reader() -> bool:
    return "self._terms =" in inspect.getsource(SegmentReader) and "self._perdoc =" in (
        inspect.getsource(SegmentReader)
    )


def whoosh_lengths() -> bool:
    takes = list(inspect.signature(whoosh3.W3PerDocReader._cached_reader).parameters)
    return takes == ["self", "fieldname", "column"] and whoosh3._lenfield("text") == "_text_len"


def whoosh_segments() -> bool:
    return list(inspect.signature(FileIndex._segments).parameters) == ["self"]


def textual_driver() -> bool:
    driver = inspect.getsource(LinuxDriver)
    return App()._driver is None and all(
        callable(getattr(LinuxDriver, name)) for name in ("write", "resume_application_mode")
    ) and all(
        line in driver
        for line in ("self._must_signal_resume = False", "self._file = sys.__stderr__",
                     "WriterThread(self._file)", "x1b[?1003h")
    )  # fmt: skip


def textual_keys() -> bool:
    bindings = Input()._bindings.key_to_bindings
    checks = inspect.iscoroutinefunction(App._check_bindings)
    return checks and all(isinstance(one, Binding) for one in bindings["left"])


def textual_screen() -> bool:
    paints = inspect.getsource(Screen._compositor_refresh)
    shows = inspect.getsource(App._display)
    discards = "if self._batch_count:\n                return" in shows
    return (
        discards and "self._repaint_required = True" in paints and "app.screen.refresh(" in paints
    )


def textual_serve() -> bool:
    takes = list(inspect.signature(Server._process_messages).parameters)
    opens = inspect.getsource(AppService._open_app_process)
    return (
        inspect.iscoroutinefunction(Server._make_app)
        and takes == ["self", "websocket", "app_service"]
        and "self._process = process" in opens
    )


CANARIES: list[tuple[str, Callable[[], bool]]] = [
    ("index/engines/whoosh/reader.py", whoosh_term_table),
    ("index/engines/whoosh/reader.py", whoosh_columns),
    ("index/engines/whoosh/reader.py", whoosh_reader),
    ("index/engines/whoosh/reader.py", whoosh_lengths),
    ("index/engines/whoosh/reader.py", whoosh_segments),
    ("tui/platform/textual_private.py", textual_driver),
    ("tui/platform/textual_private.py", textual_keys),
    ("tui/platform/textual_private.py", textual_screen),
    ("tui/platform/web.py", textual_serve),
]


@pytest.mark.parametrize(
    ("module", "holds"), CANARIES, ids=[canary.__name__ for _, canary in CANARIES]
)
def test_private_names_behave_as_expected(module: str, holds: Callable[[], bool]) -> None:
    try:
        fine = holds()
    except (AttributeError, ImportError, KeyError, TypeError, OSError) as error:
        pytest.fail(f"a private name that {module} uses is gone ({error}); look at that module")
    assert fine, f"a private name that {module} uses has changed; look at that module"


# -- versions --------------------------------------------------------------------------------------


def test_dependencies_have_lower_and_upper_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    required = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for requirement in [*required, *(one for extra in extras for one in extra)]:
        bounds = requirement.partition(";")[0]
        assert re.search(r">=\d", bounds), requirement
        assert re.search(r"<\d", bounds), requirement
