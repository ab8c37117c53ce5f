"""The configuration: each setting is one field of `Config`, with its parser and documentation.

Loading, `carrel config show` and the README's block of configuration are made from these fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.config import parsers
from tui.config.keymap import DEFAULT_KEYS, keys_table
from tui.config.parsers import COLUMNS
from tui.config.settings import Setting, setting, settings_of

if TYPE_CHECKING:
    from index.fetch import Services
    from index.formats import Style


@dataclass(frozen=True, slots=True)
class Config:
    """The value of every setting.

    `opener` is a command with its arguments, empty for the system's own. `keys` holds the keys of
    every command, changed or not.
    """

    theme: str = setting(
        "carrel-dark",
        parsers.theme,
        "Colours of the reader: carrel-dark, carrel-light, or a theme of Textual's (nord, …).",
    )
    sort: str = setting(
        "relevance",
        parsers.sort,
        "The order the reader opens with: relevance, newest, oldest, title, votes or added.",
    )
    opener: tuple[str, ...] = setting(
        (),
        parsers.opener,
        'The command that opens links, such as "firefox --new-tab"; "" is the system\'s own.',
        to_toml=lambda words: words or "",
    )
    export_folder: str = setting(
        ".",
        parsers.folder,
        "The folder that the reader's exports go to; one may begin with ~.",
    )
    citation_keys: str = setting(
        "",
        parsers.citation_keys,
        'A pattern such as "{Author}{year}{word}", as carrel export --help tells.',
    )
    unicode: bool = setting(
        False,
        parsers.flag,
        "Whether é and α stand in BibTeX as they are, and not as LaTeX commands.",
    )
    columns: tuple[str, ...] = setting(
        COLUMNS,
        parsers.columns,
        f"What the second line of a paper shows, in order: {', '.join(COLUMNS)}.",
    )
    huggingface_url: str = setting(
        "https://huggingface.co",
        parsers.address,
        "Where carrel fetch asks for daily papers; a mirror may stand in its place.",
    )
    arxiv_url: str = setting(
        "https://export.arxiv.org",
        parsers.address,
        "Where it asks arXiv.",
    )
    arxiv_pause: float = setting(
        3.0,
        parsers.seconds,
        "Seconds between two requests to arXiv, whose terms ask for three.",
    )
    crossref_url: str = setting(
        "https://api.crossref.org",
        parsers.address,
        "Where it asks for papers by DOI.",
    )
    # A table of its own in the file, of which each line is checked alone: keymap.keys_of.
    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: dict(DEFAULT_KEYS),
        metadata={
            "setting": Setting(
                keys_table,
                'Keys by command, each one or a list: "x", "ctrl+r", "f5", "?", "space"; '
                "[] is none.",
            )
        },
    )

    @property
    def style(self) -> "Style":
        """The style of exports and of copied entries."""
        from index.formats import Style

        return Style(keys=self.citation_keys, unicode=self.unicode)

    @property
    def keymap(self) -> dict[str, str]:
        """The changed keys by command, as Textual's `App.set_keymap` takes them.

        A command without keys gets a name that no key has.
        """
        return {
            name: ",".join(keys) or f"no-key-for-{name}"
            for name, keys in self.keys.items()
            if keys != DEFAULT_KEYS[name]
        }

    @property
    def services(self) -> "Services":
        """The services that papers are fetched from."""
        from index.fetch import PUBLIC, Services

        return Services(
            replace(PUBLIC.huggingface, url=self.huggingface_url),
            replace(PUBLIC.arxiv, url=self.arxiv_url, pause=self.arxiv_pause),
            replace(PUBLIC.crossref, url=self.crossref_url),
        )


SETTINGS = settings_of(Config)
"""Every setting by name, in the order of `carrel config show`."""
