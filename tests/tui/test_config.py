"""Configuration: right values are taken, wrong ones are told and stay at their default."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from tui.commands import COMMANDS
from tui.config import parsers
from tui.config.configuration import SETTINGS, Config
from tui.config.parsers import COLUMNS
from tui.config.toml_file import as_toml, load
from tui.themes import THEMES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(path: Path, text: str) -> tuple[Config, list[str]]:
    path.write_text(text, encoding="utf-8")
    config, problems = load(path)
    assert all(problem.startswith(f"{path}: ") for problem in problems)
    assert all("\n" not in problem for problem in problems)
    return config, [problem.removeprefix(f"{path}: ") for problem in problems]


def test_without_a_file_all_is_at_its_default(path: Path) -> None:
    config, problems = load(path)
    assert (config, problems) == (Config(), [])
    assert config.theme == "carrel-dark"
    assert config.sort == "relevance"
    assert config.columns == COLUMNS
    assert config.keys["undo"] == ("u",)
    assert config.keymap == {}


def test_right_values_are_taken(path: Path) -> None:
    text = """\ufeff
        theme = "nord"
        sort = "newest"
        opener = "firefox --new-tab"
        export_folder = "~/papers"
        columns = ["year", "tags"]
        [keys]
        undo = "z"
        tag = ["#", "Ctrl+T"]
        filters = "shift+f"
        clear_filters = []
    """
    config, problems = loaded(path, text)
    assert problems == []
    assert (config.theme, config.sort) == ("nord", "newest")
    assert config.opener == ("firefox", "--new-tab")
    assert config.export_folder == "~/papers"
    assert config.columns == ("year", "tags")
    assert config.keymap == {
        "undo": "z",
        "tag": "number_sign,ctrl+t",
        "filters": "F",
        "clear_filters": "no-key-for-clear_filters",
    }
    assert loaded(path, 'opener = ["open", "-a", "Safari"]')[0].opener == ("open", "-a", "Safari")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('theem = "nord"', "theem is not a setting; did you mean theme?"),
        ("xyz = 1", "xyz is not a setting; try one of theme, sort, opener"),
        ('theme = "gruvbx"', "did you mean gruvbox?"),
        ("theme = 3", "theme = 3: expected one of carrel-dark, carrel-light, "),
        ('sort = "newst"', 'sort = "newst": expected one of relevance, newest'),
        ('sort = "newst"', "did you mean newest?"),
        ("opener = 'firefox \"'", "No closing quotation"),
        ("opener = [1]", 'expected a command such as "firefox --new-tab"'),
        ('export_folder = ["x"]', "expected a folder"),
        ('citation_keys = "{autor}"', "did you mean {author}?"),
        ("citation_keys = 3", "expected a pattern"),
        ('unicode = "yes"', "expected true or false"),
        ('columns = ["yeer"]', "yeer is not a column; did you mean year?"),
        ("columns = 1", "expected a list of authors, year"),
        ("keys = 1", "expected a table"),
        ('[keys]\nundoo = "z"', "keys.undoo is not a command; did you mean undo?"),
        ("[keys]\nundo = 1", "keys.undo = 1: expected a key or a list of keys"),
        ('[keys]\nundo = "ctlr+z"', "'ctlr+z' is not a key"),
        ('[keys]\nundo = "pagdown"', "did you mean pagedown?"),
        ('[keys]\nundo = ""', "'' is not a key"),
        ("sort = ", "invalid TOML: "),
        ('theme = "a"\nsort = newest', "at line 2"),
    ],
)
def test_a_wrong_line_is_told_and_its_default_stands(path: Path, text: str, told: str) -> None:
    config, problems = loaded(path, text)
    (problem,) = problems
    assert told in problem
    assert config == Config()


def test_one_wrong_line_spoils_no_other(path: Path) -> None:
    config, problems = loaded(
        path, 'sort = "x"\ntheme = "carrel-light"\n[keys]\nundo = "?!"\ntag = "z"'
    )
    assert len(problems) == 2
    assert config.theme == "carrel-light"
    assert config.keymap == {"tag": "z"}


@pytest.mark.parametrize(
    ("text", "told", "keymap"),
    [
        ('undo = "b"', "b is bound to both bookmark and undo; undo uses its default, u", {}),
        (
            'undo = "z"\nredo = "z"',
            "bound to both undo and redo; redo uses its default, ctrl+r",
            {"undo": "z"},
        ),
        (
            'bookmark = "u"',
            "u is bound to both bookmark and undo; bookmark uses its default, b",
            {},
        ),
        ('rebuild = "u"', "u is bound to both undo and rebuild; rebuild has no key", {}),
    ],
)
def test_a_key_of_two_commands_is_a_clash(
    path: Path, text: str, told: str, keymap: dict[str, str]
) -> None:
    config, problems = loaded(path, f"[keys]\n{text}\n")
    (problem,) = problems
    assert told in problem
    assert config.keymap == keymap


def test_a_clash_that_follows_from_another_ends(path: Path) -> None:
    config, problems = loaded(path, '[keys]\ntag = "b"\nbookmark = "x"\n')
    assert len(problems) == 2
    assert config == Config()


def test_keys_may_change_places(path: Path) -> None:
    config, problems = loaded(path, '[keys]\nundo = "b"\nbookmark = "u"\n')
    assert problems == []
    assert config.keymap == {"undo": "b", "bookmark": "u"}


def test_what_is_shown_is_documented_and_loads_back(path: Path) -> None:
    text = 'theme = "nord"\nopener = \'a "b c" d\'\nexport_folder = "ü\\u007f\\\\x"\ncolumns = []\n'
    for config in (Config(), loaded(path, text + '[keys]\nundo = ["z", "f5"]\ntag = []')[0]):
        shown = as_toml(config)
        assert loaded(path, shown) == (config, [])
        assert set(tomllib.loads(shown)["keys"]) == {command.name for command in COMMANDS}
        lines = shown.splitlines()
        for at, line in enumerate(lines):
            if "=" in line and "[keys]" not in lines[:at]:
                assert lines[at - 1].startswith("# ")


def test_a_file_that_cannot_be_read_is_told(path: Path) -> None:
    path.mkdir()
    assert load(path) == (
        Config(),
        [f"{path}: cannot be read: Is a directory; check its permissions"],
    )
    path.rmdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert load(path) == (Config(), [f"{path}: not UTF-8 text; save it as UTF-8"])


def test_no_two_commands_have_a_key_to_begin_with() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_every_field_is_a_documented_setting_whose_default_its_parser_accepts() -> None:
    config = Config()
    assert list(SETTINGS) == [field.name for field in fields(Config)]
    for name, setting in SETTINGS.items():
        assert setting.doc.endswith(".")
        written = json.loads(json.dumps(setting.to_toml(getattr(config, name))))
        parsed = setting.parse(written)
        assert parsed == (written if name == "keys" else getattr(config, name)), name


def test_own_themes_are_known_without_textual() -> None:
    assert tuple(theme.name for theme in THEMES) == parsers.THEMES
