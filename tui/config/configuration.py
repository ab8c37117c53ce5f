"""Configuration: a TOML file whose faults are told, never raised.

Each setting has a reader that returns its value or raises ValueError with what it takes; a setting
that is wrong keeps its default, so that Carrel always starts.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.commands import COMMANDS
from tui.config import settings
from tui.config.keymap import DEFAULT_KEYS, keys_of, keys_table
from tui.config.settings import COLUMNS

if TYPE_CHECKING:
    from index.fetch import Services
    from index.formats import Style

T = TypeVar("T")

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
            problems.append(f"{name} is not a setting{settings.nearest(name, DOCS)}")

    def value(name: str, read: Callable[[object], T], default: T) -> T:
        if name not in table:
            return default
        try:
            return read(table[name])
        except ValueError as error:
            problems.append(f"{name} = {settings.shown(table[name])}: {error}")
            return default

    usual = Config()
    config = Config(
        theme=value("theme", settings.theme, usual.theme),
        sort=value("sort", settings.sort, usual.sort),
        opener=value("opener", settings.opener, usual.opener),
        export_folder=value("export_folder", settings.folder, usual.export_folder),
        citation_keys=value("citation_keys", settings.citation_keys, usual.citation_keys),
        unicode=value("unicode", settings.flag, usual.unicode),
        columns=value("columns", settings.columns, usual.columns),
        huggingface_url=value("huggingface_url", settings.address, usual.huggingface_url),
        arxiv_url=value("arxiv_url", settings.address, usual.arxiv_url),
        arxiv_pause=value("arxiv_pause", settings.seconds, usual.arxiv_pause),
        crossref_url=value("crossref_url", settings.address, usual.crossref_url),
        keys=keys_of(value("keys", keys_table, {}), problems),
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
