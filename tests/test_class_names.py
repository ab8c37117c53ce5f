"""Class names are unique, so that a name in a message, a search or a log means one class."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_class_names_index_and_tui_are_unique() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in (*(ROOT / "index").rglob("*.py"), *(ROOT / "tui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):  # nested ones, such as Textual's messages, too
                found[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
