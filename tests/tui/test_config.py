"""The configuration: valid settings are used, invalid ones are reported."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from tui.commands import COMMANDS, EVERY_COMMAND, TRIAGE_COMMANDS, Command
from tui.config import parsers
from tui.config.configuration import SETTINGS, Config
from tui.config.toml_file import as_toml, load
from tui.row_columns import COLUMN_NAMES
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


def test_config_without_file_has_defaults(path: Path) -> None:
    config, problems = load(path)
    assert (config, problems) == (Config(), [])
    assert config.theme == "carrel-dark"
    assert config.sort == "relevance"
    assert config.columns == COLUMN_NAMES
    assert config.keys["undo"] == ("u",)
    assert config.keymap == {}


def test_config_valid_settings_are_loaded(path: Path) -> None:
    text = """\ufeff
        theme = "nord"
        sort = "newest"
        opener = "firefox --new-tab"
        export_folder = "~/papers"
        columns = ["year", "tags"]
        [keys]
        undo = "U"
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
        "undo": "U",
        "tag": "number_sign,ctrl+t",
        "filters": "F",
        "clear_filters": "no-key-for-clear_filters",
    }
    assert loaded(path, 'opener = ["open", "-a", "Safari"]')[0].opener == ("open", "-a", "Safari")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('theem = "nord"', "theem is not a setting; did you mean theme?"),
        ("xyz = 1", "xyz is not a setting; try one of theme, sort, engine"),
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
def test_config_invalid_setting_is_reported_and_default_used(
    path: Path, text: str, message: str
) -> None:
    config, problems = loaded(path, text)
    (problem,) = problems
    assert message in problem
    assert config == Config()


def test_config_invalid_setting_does_not_affect_others(path: Path) -> None:
    config, problems = loaded(
        path, 'sort = "x"\ntheme = "carrel-light"\n[keys]\nundo = "?!"\ntag = "U"'
    )
    assert len(problems) == 2
    assert config.theme == "carrel-light"
    assert config.keymap == {"tag": "U"}


@pytest.mark.parametrize(
    ("text", "message", "keymap"),
    [
        ('undo = "b"', "b is bound to both bookmark and undo; undo uses its default, u", {}),
        (
            'undo = "U"\nredo = "U"',
            "bound to both undo and redo; redo uses its default, ctrl+r",
            {"undo": "U"},
        ),
        (
            'bookmark = "u"',
            "u is bound to both bookmark and undo; bookmark uses its default, b",
            {},
        ),
        ('rebuild = "u"', "u is bound to both undo and rebuild; rebuild has no key", {}),
    ],
)
def test_keys_conflict_resets_changed_command(
    path: Path, text: str, message: str, keymap: dict[str, str]
) -> None:
    config, problems = loaded(path, f"[keys]\n{text}\n")
    (problem,) = problems
    assert message in problem
    assert config.keymap == keymap


def test_keys_chained_conflict_resets_both(path: Path) -> None:
    config, problems = loaded(path, '[keys]\ntag = "b"\nbookmark = "x"\n')
    assert len(problems) == 2
    assert config == Config()


def test_keys_may_be_swapped(path: Path) -> None:
    config, problems = loaded(path, '[keys]\nundo = "b"\nbookmark = "u"\n')
    assert problems == []
    assert config.keymap == {"undo": "b", "bookmark": "u"}


def test_config_toml_is_documented_and_round_trips(path: Path) -> None:
    text = 'theme = "nord"\nopener = \'a "b c" d\'\nexport_folder = "ü\\u007f\\\\x"\ncolumns = []\n'
    for config in (Config(), loaded(path, text + '[keys]\nundo = ["U", "f5"]\ntag = []')[0]):
        shown = as_toml(config)
        assert loaded(path, shown) == (config, [])
        assert set(tomllib.loads(shown)["keys"]) == {command.name for command in EVERY_COMMAND}
        lines = shown.splitlines()
        for at, line in enumerate(lines):
            if "=" in line and "[keys]" not in lines[:at]:
                assert lines[at - 1].startswith("# ")


def test_config_unreadable_file_is_reported(path: Path) -> None:
    path.mkdir()
    assert load(path) == (
        Config(),
        [f"{path}: cannot be read: Is a directory; check its permissions"],
    )
    path.rmdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert load(path) == (Config(), [f"{path}: not UTF-8 text; save it as UTF-8"])


@pytest.mark.parametrize("commands", [COMMANDS, TRIAGE_COMMANDS], ids=["reader", "triage"])
def test_default_keys_of_a_mode_are_unique(commands: tuple[Command, ...]) -> None:
    keys = [key for command in commands for key in command.keys]
    assert len(keys) == len(set(keys))


def test_keys_conflict_is_found_within_a_mode_alone(path: Path) -> None:
    config, problems = loaded(path, '[keys]\ntriage_keep = "y"\ntriage_later = "d"\n')
    assert problems == [
        "keys: d is bound to both triage_dismiss and triage_later in triage; "
        "triage_later uses its default, w"
    ]
    assert config.keymap == {"triage_keep": "y"}  # which copies in the reader


def test_config_every_setting_is_documented_with_valid_default() -> None:
    config = Config()
    assert list(SETTINGS) == [field.name for field in fields(Config)]
    for name, setting in SETTINGS.items():
        assert setting.doc.endswith(".")
        written = json.loads(json.dumps(setting.to_toml(getattr(config, name))))
        parsed = setting.parse(written)
        assert parsed == (written if name == "keys" else getattr(config, name)), name


def test_config_theme_names_match_themes() -> None:
    assert tuple(theme.name for theme in THEMES) == parsers.THEMES
