"""The wheel contains all modules and data, and runs when installed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the wheel is built with what `make test` installs")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the project."""
    place = tmp_path_factory.mktemp("wheel")
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(place)]
    subprocess.run([sys.executable, "-m", *command, str(ROOT)], check=True, timeout=120)
    (built,) = place.glob("*.whl")
    return built


def test_wheel_contains_every_module_and_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = [
        str(path.relative_to(ROOT))
        for package in ("index", "tui")
        for path in (ROOT / package).rglob("*.py")
    ]
    assert set(sources) <= names
    data = "index/starter.jsonl tui/app.tcss tui/README.md index/README.md index/formats/README.md"
    assert set(data.split()) <= names
    assert not [name for name in names if name.startswith(("tests", "screenshots"))]


def test_wheel_installs_man_page(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    pages = [name for name in names if name.endswith("carrel.1")]
    assert [name.partition(".data/")[2] for name in pages] == ["data/share/man/man1/carrel.1"]


def test_wheel_runs_outside_of_project(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(home)
    environment = {
        **os.environ,
        "PYTHONPATH": str(home),
        "CARREL_LIBRARY": str(tmp_path / "library"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    code = (
        "import index; from index import Library\n"
        f"assert index.__file__.startswith({str(home)!r})\n"
        "with Library.open() as library:\n"
        "    library.add_starter_shelf()\n"
        "    print(library.search('shannon communication').hits[0].id)\n"
        "from tui.cli.help import TOPICS\n"
        "assert all(topic.blocks() for topic in TOPICS.values())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "mathematical-theory-communication", done.stderr
