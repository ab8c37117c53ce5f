"""The configuration: each setting is one field of `Config`, with its parser and documentation.

The loader, `carrel config show` and the README's example are generated from these fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.config import parsers
from tui.config.keymap import DEFAULT_KEYS, keys_table
from tui.config.settings import Setting, setting, settings_of
from tui.row_columns import COLUMN_NAMES

if TYPE_CHECKING:
    from index.fetch import Services
    from index.formats import Style


@dataclass(frozen=True, slots=True)
class Config:
    """The value of every setting.

    `opener` is a command with its arguments, empty for the system default. `keys` holds the keys of
    every command.
    """

    theme: str = setting(
        "carrel-dark",
        parsers.theme,
        "Theme of the reader: carrel-dark, carrel-light, or one of Textual's, such as nord.",
    )
    sort: str = setting(
        "relevance",
        parsers.sort,
        "Initial sort order: relevance, newest, oldest, title, votes or added.",
    )
    engine: str = setting(
        "whoosh",
        parsers.engine,
        "Search engine: whoosh, or tantivy for 500,000 papers or more.",
    )
    opener: tuple[str, ...] = setting(
        (),
        parsers.opener,
        'Command that opens links, such as "firefox --new-tab"; "" for the system default.',
        to_toml=lambda words: words or "",
    )
    export_folder: str = setting(
        ".",
        parsers.folder,
        "Folder for exports from the reader; may begin with ~.",
    )
    citation_keys: str = setting(
        "",
        parsers.citation_keys,
        'Citation key pattern, such as "{Author}{year}{word}"; see carrel export --help.',
    )
    unicode: bool = setting(
        False,
        parsers.flag,
        "Whether BibTeX has Unicode characters, such as é and α, instead of LaTeX commands.",
    )
    columns: tuple[str, ...] = setting(
        COLUMN_NAMES,
        parsers.columns,
        f"Facts beside a paper's title: {', '.join(COLUMN_NAMES)}.",
    )
    dot: str = setting(
        "read",
        parsers.dot,
        "Papers marked with a dot in the list: read or unread.",
    )
    characters: str = setting(
        "auto",
        parsers.characters,
        "Characters of the reader: unicode, ascii, or auto to follow the locale.",
    )
    read_after: float = setting(
        0.0,
        parsers.seconds,
        "Seconds on the screen until a paper is read; 0 for never.",
    )
    read_after_triage: float = setting(
        2.0,
        parsers.seconds,
        "The same in a triage, where it is marked with the verdict.",
    )
    huggingface_url: str = setting(
        "https://huggingface.co",
        parsers.address,
        "Address of Hugging Face, or of a mirror.",
    )
    arxiv_url: str = setting(
        "https://export.arxiv.org",
        parsers.address,
        "Address of the arXiv API, or of a mirror.",
    )
    arxiv_pause: float = setting(
        3.0,
        parsers.seconds,
        "Seconds between requests to arXiv; its terms of use require three.",
    )
    crossref_url: str = setting(
        "https://api.crossref.org",
        parsers.address,
        "Address of the Crossref API.",
    )
    semantic_scholar_url: str = setting(
        "https://api.semanticscholar.org",
        parsers.address,
        "Address of the Semantic Scholar API.",
    )
    openalex_url: str = setting(
        "https://api.openalex.org",
        parsers.address,
        "Address of the OpenAlex API, which is asked only with a key.",
    )
    semantic_scholar_key: str = setting(
        "",
        parsers.service_key,
        "Your key for Semantic Scholar, which then answers more often.",
    )
    openalex_key: str = setting(
        "",
        parsers.service_key,
        "Your key for OpenAlex.",
    )
    mailto: str = setting(
        "",
        parsers.mail_address,
        "Your mail address for Crossref, which then answers more often; sent with each request.",
    )
    corpus: str = setting(
        "",
        parsers.corpus,
        'Address of a team\'s corpus, such as "https://host:9200/papers".',
    )
    # A table in the file; `parse_keys` checks each of its lines separately.
    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: dict(DEFAULT_KEYS),
        metadata={
            "setting": Setting(
                keys_table,
                'Keys of each command, one or a list: "x", "ctrl+r", "f5", "?", "space"; '
                "[] for none.",
            )
        },
    )

    @property
    def style(self) -> "Style":
        """The style of exports and copied entries."""
        from index.formats import Style

        return Style(keys=self.citation_keys, unicode=self.unicode)

    @property
    def keymap(self) -> dict[str, str]:
        """The changed keys by command, in the format of Textual's `App.set_keymap`.

        A command without keys is bound to a name that no key has.
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
            replace(PUBLIC.crossref, url=self.crossref_url, key=self.mailto),
            replace(
                PUBLIC.semantic_scholar,
                url=self.semantic_scholar_url,
                key=self.semantic_scholar_key,
            ),
            replace(PUBLIC.openalex, url=self.openalex_url, key=self.openalex_key),
        )


SETTINGS = settings_of(Config)
"""Every setting by name, in the order of `carrel config show`."""
