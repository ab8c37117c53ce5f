"""Configuration: a TOML file whose faults are told, never raised.

Each setting has a reader that returns its value or raises ValueError with what it takes; a setting
that is wrong keeps its default, so that Carrel always starts.
"""

import json
import shlex
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

from tui.commands import COMMANDS

if TYPE_CHECKING:
    from index.fetch import Services
    from index.formats import Style

T = TypeVar("T")

THEMES = ("carrel-dark", "carrel-light")
COLUMNS = ("authors", "year", "venue", "tags", "source")
DEFAULT_KEYS = {command.name: command.keys for command in COMMANDS}
MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")

DOCS = {
    "theme": "Colours of the reader: carrel-dark, carrel-light, or a theme of Textual's (nord, …).",
    "sort": "The order the reader opens with: relevance, newest, oldest, title, votes or added.",
    "opener": 'The command that opens links, such as "firefox --new-tab"; "" is the system\'s own.',
    "export_folder": "The folder that the reader's exports go to; one may begin with ~.",
    "citation_keys": 'A pattern such as "{Author}{year}{word}", as carrel export --help tells.',
    "unicode": "Whether é and α stand in BibTeX as they are, and not as LaTeX commands.",
    "columns": f"What the second line of a paper shows, in order: {', '.join(COLUMNS)}.",
    "huggingface_url": "Where carrel fetch asks for daily papers; a mirror may stand in its place.",
    "arxiv_url": "Where it asks arXiv.",
    "arxiv_pause": "Seconds between two requests to arXiv, whose terms ask for three.",
    "crossref_url": "Where it asks for papers by DOI.",
    "keys": 'Keys by command, each one or a list: "x", "ctrl+r", "f5", "?", "space"; [] is none.',
}
"""Each setting and what `carrel config show` says of it."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the reader has set; `keys` holds the keys of every command, set or not.

    `opener` is a command with its arguments, empty for the system's own.
    """

    theme: str = "carrel-dark"
    sort: str = "relevance"
    opener: tuple[str, ...] = ()
    export_folder: str = "."
    citation_keys: str = ""
    unicode: bool = False
    columns: tuple[str, ...] = COLUMNS
    huggingface_url: str = "https://huggingface.co"
    arxiv_url: str = "https://export.arxiv.org"
    arxiv_pause: float = 3.0
    crossref_url: str = "https://api.crossref.org"
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(DEFAULT_KEYS))

    @property
    def style(self) -> "Style":
        """How exports are written and entries are copied."""
        from index.formats import Style

        return Style(keys=self.citation_keys, unicode=self.unicode)

    @property
    def keymap(self) -> dict[str, str]:
        """The commands whose keys were changed, as Textual's `App.set_keymap` takes them.

        A command whose keys were taken away gets a name that no key has.
        """
        return {
            name: ",".join(keys) or f"no-key-for-{name}"
            for name, keys in self.keys.items()
            if keys != DEFAULT_KEYS[name]
        }

    @property
    def services(self) -> "Services":
        """Where papers are fetched from."""
        from index.fetch import PUBLIC, Services

        return Services(
            replace(PUBLIC.huggingface, url=self.huggingface_url),
            replace(PUBLIC.arxiv, url=self.arxiv_url, pause=self.arxiv_pause),
            replace(PUBLIC.crossref, url=self.crossref_url),
        )


def load(path: Path) -> tuple[Config, list[str]]:
    """Return the configuration in a file, and one line for each thing in it that is wrong.

    A file that is not there is no fault; what is wrong stays at its default.
    """
    problems: list[str] = []
    table = _table(path, problems)
    for name in table:
        if name not in DOCS:
            problems.append(f"{name} is not a setting{_nearest(name, DOCS)}")

    def value(name: str, read: Callable[[object], T], default: T) -> T:
        if name not in table:
            return default
        try:
            return read(table[name])
        except ValueError as error:
            problems.append(f"{name} = {_shown(table[name])}: {error}")
            return default

    usual = Config()
    config = Config(
        theme=value("theme", _theme, usual.theme),
        sort=value("sort", _sort, usual.sort),
        opener=value("opener", _opener, usual.opener),
        export_folder=value("export_folder", _folder, usual.export_folder),
        citation_keys=value("citation_keys", _citation_keys, usual.citation_keys),
        unicode=value("unicode", _flag, usual.unicode),
        columns=value("columns", _columns, usual.columns),
        huggingface_url=value("huggingface_url", _address, usual.huggingface_url),
        arxiv_url=value("arxiv_url", _address, usual.arxiv_url),
        arxiv_pause=value("arxiv_pause", _seconds, usual.arxiv_pause),
        crossref_url=value("crossref_url", _address, usual.crossref_url),
        keys=_keys(value("keys", _keys_table, {}), problems),
    )
    return config, [f"{path}: {problem}" for problem in problems]


def _table(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        pass
    except OSError as error:
        problems.append(f"cannot be read ({error.strerror or error}); check its rights")
    except UnicodeDecodeError:
        problems.append("is not UTF-8 text; save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"is not TOML: {error}")
    return {}


# -- values ----------------------------------------------------------------------------------------


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about a wrong name: the nearest right one, or all of them."""
    names = list(known)
    near = get_close_matches(name, names, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names)}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _one_of(value: object, known: Iterable[str]) -> str:
    names = list(known)
    if not isinstance(value, str) or value not in names:
        near = _nearest(value, names) if isinstance(value, str) else ""
        raise ValueError(f"it takes one of {', '.join(names)}{near if '?' in near else ''}")
    return value


def _theme(value: object) -> str:
    if isinstance(value, str) and value in THEMES:
        return value
    from textual.theme import BUILTIN_THEMES

    return _one_of(value, (*THEMES, *BUILTIN_THEMES))


def _sort(value: object) -> str:
    from index.library import SORTS

    return _one_of(value, SORTS)


def _texts(value: object, what: str) -> list[str]:
    """Return a string or a list of strings as a list; raises ValueError for anything else."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f"it takes {what}")
    return cast("list[str]", found)


def _opener(value: object) -> tuple[str, ...]:
    what = 'a command such as "firefox --new-tab", or ["firefox", "--new-tab"]'
    texts = _texts(value, what)
    try:
        return tuple(shlex.split(value) if isinstance(value, str) else texts)
    except ValueError as error:
        raise ValueError(f"it takes {what} ({error})") from error


def _folder(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError('it takes a folder such as "~/papers"')
    return value


def _citation_keys(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('it takes a pattern such as "{author}{year}{word}"')
    from index.errors import CarrelError
    from index.formats import Style

    try:
        return Style(keys=value).keys
    except CarrelError as error:
        raise ValueError(str(error)) from error


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it takes true or false")
    return value


def _columns(value: object) -> tuple[str, ...]:
    names = _texts(value, f"a list of {', '.join(COLUMNS)}")
    for name in names:
        if name not in COLUMNS:
            raise ValueError(f"{name} is not a column{_nearest(name, COLUMNS)}")
    return tuple(dict.fromkeys(names))


def _address(value: object) -> str:
    what = 'it takes an address such as "https://export.arxiv.org"'
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(what)
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or " " in value or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(what)
    return value.rstrip("/")


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("it takes a number of seconds, such as 3")
    return float(value)


# -- keys ------------------------------------------------------------------------------------------


def _keys_table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError('it takes a table: [keys], then lines such as undo = "z"')
    return value


def _keys(table: Mapping[str, object], problems: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of every command: those of the table where they are right, else its own."""
    keys = dict(DEFAULT_KEYS)
    for name, value in table.items():
        if name not in keys:
            problems.append(f"keys.{name} is not a command{_near_command(name)}")
            continue
        try:
            keys[name] = _command_keys(value)
        except ValueError as error:
            problems.append(f"keys.{name} = {_shown(value)}: {error}")
    while clash := _clash(keys):
        key, first, second = clash
        # The command of the reader's own line gives way, the later one where both are.
        loser = second if keys[second] != DEFAULT_KEYS[second] else first
        keys[loser] = DEFAULT_KEYS[loser]
        kept = f"keeps {', '.join(keys[loser])}" if keys[loser] else "has none"
        problems.append(f"keys: {key} is bound to both {first} and {second}; {loser} {kept}")
    return keys


def _near_command(name: str) -> str:
    near = get_close_matches(name, DEFAULT_KEYS, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else "; carrel config keys lists them"


def _command_keys(value: object) -> tuple[str, ...]:
    texts = _texts(value, 'a key or a list of keys, such as "x" or ["x", "ctrl+r"]')
    return tuple(dict.fromkeys(_key(text) for text in texts))


def _clash(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Return a key that two commands have since one was changed, and the two; None without one."""
    owners: dict[str, str] = {}
    for name, own in keys.items():
        for key in own:
            first = owners.setdefault(key, name)
            if any(keys[owner] != DEFAULT_KEYS[owner] for owner in {first, name} if first != name):
                return key, first, name
    return None


def _key(text: str) -> str:
    """Return a key in Textual's notation; a sign may be written itself (`?` is question_mark)."""
    from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, key_to_character

    *modifiers, last = text.split("+") if len(text) > 1 and not text.endswith("++") else [text]
    modifiers = [modifier.strip().lower() for modifier in modifiers]
    last = last if len(last) == 1 else last.strip().lower()
    if len(last) == 1 and not last.isalnum():
        named = unicodedata.name(last, "").lower().replace("-", "_").replace(" ", "_")
        last = KEY_NAME_REPLACEMENTS.get(named, named)
    elif len(last) == 1 and "shift" in modifiers and len(modifiers) == 1:
        modifiers, last = [], last.upper()
    elif len(last) == 1 and modifiers:
        last = last.lower()
    named_keys = {key.value for key in Keys} | set(REPLACED_KEYS)
    known = bool(last) and (last in named_keys or key_to_character(last) is not None)
    if not known or any(modifier not in MODIFIERS for modifier in modifiers):
        near = get_close_matches(last, named_keys, 1)
        hint = f"; did you mean {near[0]}?" if near and not known else ""
        raise ValueError(f"{text!r} is not a key; write x, G, ctrl+r, f5 or question_mark{hint}")
    return "+".join([*modifiers, last])


# -- written ---------------------------------------------------------------------------------------


def as_toml(config: Config) -> str:
    """Return the configuration as a documented TOML file that loads back to the same values."""
    return "\n".join(_lines(config)) + "\n"


def _lines(config: Config) -> Iterator[str]:
    values: dict[str, str | float | bool | list[str]] = {
        "theme": config.theme,
        "sort": config.sort,
        "opener": list(config.opener) or "",
        "export_folder": config.export_folder,
        "citation_keys": config.citation_keys,
        "unicode": config.unicode,
        "columns": list(config.columns),
        "huggingface_url": config.huggingface_url,
        "arxiv_url": config.arxiv_url,
        "arxiv_pause": config.arxiv_pause,
        "crossref_url": config.crossref_url,
    }
    for name, value in values.items():
        yield f"# {DOCS[name]}"
        yield f"{name} = {_literal(value)}"
        yield ""
    yield f"# {DOCS['keys']}"
    yield "[keys]"
    for command in COMMANDS:
        yield f"{command.name} = {_literal(list(config.keys[command.name]))}  # {command.help}"


def _literal(value: str | float | bool | list[str]) -> str:
    """Return a TOML value: its basic strings are JSON's, but for DEL (https://toml.io/en/v1.0.0)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
