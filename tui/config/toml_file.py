"""The TOML file of the configuration: loading, with errors collected, and serialisation.

An invalid setting is reported and its default used, so that Carrel always starts.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tui.commands import EVERY_COMMAND
from tui.config.configuration import SETTINGS, Config
from tui.config.keymap import parse_keys
from tui.config.parsers import nearest, shortened


def load(path: Path) -> tuple[Config, list[str]]:
    """Return the configuration in a file, and one line for each error in it.

    A missing file is not an error. Invalid settings have their defaults.
    """
    problems: list[str] = []
    table = _read(path, problems)
    for name in table:
        if name not in SETTINGS:
            problems.append(f"{name} is not a setting{nearest(name, SETTINGS)}")
    values = {}
    for name, setting in SETTINGS.items():
        if name in table:
            try:
                values[name] = setting.parse(table[name])
            except ValueError as error:
                problems.append(f"{name} = {shortened(table[name])}: {error}")
    values["keys"] = parse_keys(values.get("keys", {}), problems)
    return replace(Config(), **values), [f"{path}: {problem}" for problem in problems]


def _read(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        pass
    except OSError as error:
        problems.append(f"cannot be read: {error.strerror or error}; check its permissions")
    except UnicodeDecodeError:
        problems.append("not UTF-8 text; save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"invalid TOML: {error}")
    return {}


def as_toml(config: Config) -> str:
    """Return the configuration as a documented TOML file that loads back to the same values."""
    return "\n".join(_lines(config)) + "\n"


def _lines(config: Config) -> Iterator[str]:
    for name, setting in SETTINGS.items():
        yield f"# {setting.doc}"
        if name == "keys":  # the last setting, since a TOML table extends to the next table
            yield "[keys]"
            for command in EVERY_COMMAND:
                yield f"{command.name} = {_literal(config.keys[command.name])}  # {command.help}"
        else:
            yield f"{name} = {_literal(setting.to_toml(getattr(config, name)))}"
            yield ""


def _literal(value: object) -> str:
    """Return a TOML value: a JSON value with DEL escaped (https://toml.io/en/v1.0.0)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
