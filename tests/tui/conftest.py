"""A small library with hostile titles, and a reader that tests can drive."""

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import WorkerError

from index import Library, Paper
from index.marks.changes import Bookmark, Note, Tag
from index.papers.paper import PaperKey
from tests.prebuilt import copy_library
from tui.app import CarrelApp
from tui.config.configuration import Config
from tui.platform import clipboard
from tui.platform.capabilities import Capabilities
from tui.screens.main import MainScreen
from tui.widgets import status_line

from .command import Carrel
from .terminal import Start, Terminal, open_terminals

HOSTILE = (
    "[/INST] [b]x[/b] [link=http://x]y[/link]",
    "[CLS]",
    "[bold red]Not red[/] $title {braces} [/escaped] [@click=app.quit]no[/]",
    "深度学习在自然语言处理中的应用研究综述与展望",
    "Zalgo e\u0301\u0302\u0303 a\u0308 and a word: " + "Donaudampfschiff" * 12,
)
TITLE_ONLY = "Only a Title, Nothing Else"
NEVER_S = 3_600.0


def made_papers() -> list[Paper]:
    """Return 30 papers: topics by turns, three years, two venues, then the odd ones."""
    topics = ("watermarking language models", "speech diffusion", "graph retrieval")
    plain = [
        Paper(
            f"Study {number:02} of {topics[number % 3]}",
            f"We study {topics[number % 3]} and report number {number}. "
            f"The watermark, the diffusion of speech: both are seen as retrieval. {'More. ' * 60}",
            id=f"study-{number}",
            authors=(f"Ada Képes{number % 4}", "Grace Hopper"),
            year=2020 + number % 3,
            venue=("NeurIPS", "ACL [main]")[number % 2],
            url=f"https://example.org/{number}" if number % 2 else "",
        )
        for number in range(24)
    ]
    code = ("https://github.com/x/" + "very-long-name/" * 8,)
    with_code = Paper("Code Released", "Our code is online.", urls=code, arxiv_id="2401.00001")
    hostile = [Paper(title, f"An abstract with {title} in it.") for title in HOSTILE]
    return [*plain, with_code, *hostile, Paper(TITLE_ONLY)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate home, so that no file of this machine's user is read or written."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in (
        "CARREL_LIBRARY",
        "CARREL_CONFIG",
        "TMUX",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "BROWSER",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of the 30 papers and its cache, to be copied."""
    place = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        with Library.open(place / "library") as library:
            library.add(made_papers(), "page one")
            library.index.sync()
            library.catalogue.sync()
    return place


@pytest.fixture
def library(home: Path, built: Path) -> Iterator[Library]:
    """A library of 30 papers, indexed."""
    cache = Path(os.environ["XDG_CACHE_HOME"])
    copy_library(built / "library", built / "cache", home / "library", cache)
    with Library.open(home / "library") as library:
        yield library


@pytest.fixture
def marked(library: Library) -> Library:
    """The library with a bookmark, tags and a note on it."""
    library.apply(Bookmark(("study-1", "study-4")))
    library.apply(Tag(("study-1", "study-2"), add=("nlp/rag", "toread")))
    library.apply(Note(("study-2",), "read [b]this[/b] again"))
    return library


@pytest.fixture(autouse=True)
def system_clipboard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts copied to the system's clipboard, which is not touched."""
    copied: list[str] = []

    def copy(text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr(clipboard, "to_system", copy)
    return copied


@dataclass
class Reader:
    """The reader as its user sees it: keys and screen."""

    app: CarrelApp
    pilot: Pilot[None]
    _painted: set[Screen[Any]] = field(default_factory=set)

    @property
    def screen(self) -> MainScreen:
        screen = self.app.screen_stack[1]
        assert isinstance(screen, MainScreen)
        return screen

    async def settle(self) -> None:
        """Wait until no work is running."""
        await self.pilot.pause()
        while under_way := [worker for worker in self.app.workers if not worker.is_finished]:
            for worker in under_way:
                with suppress(WorkerError):
                    await worker.wait()
            await self.pilot.pause()
        if self.app.screen not in self._painted and self.app.screen is not self.screen:
            self.painted()

    def painted(self) -> list[Strip]:
        """Return the lines of the screen, painted as they are now."""
        screen = self.app.screen
        self._painted.add(screen)
        return screen._compositor.render_strips()

    async def command(self, name: str) -> None:
        """Run a command by its name, as the palette does."""
        await self.screen.run_action(f"command('{name}')")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def search(self, text: str) -> None:
        """Type a query."""
        self.screen.bar.value = text
        await self.settle()

    async def go_to(self, id: str) -> None:
        """Put the cursor on a paper that is shown."""
        key = self.screen.library.keys([id])[0]
        self.screen.papers.move_to(list(self.screen.papers.keys).index(key))
        await self.settle()

    async def choose(self, field: str, value: str) -> None:
        """Go to the filters and put the cursor on a value."""
        self.screen.panes.go(self.screen.facets)
        rows = [(row.field, row.value) for row in self.screen.facets.rows]
        self.screen.facets.move_to(rows.index((field, value)))
        await self.settle()

    @property
    def ids(self) -> list[str]:
        """The papers in the list."""
        return self.screen.library.ids(PaperKey(int(key)) for key in self.screen.papers.keys)

    @property
    def current(self) -> Paper:
        paper = self.screen.current
        assert paper
        return paper

    @property
    def said(self) -> str:
        return " · ".join(filter(None, (self.screen.footer.message, self.screen.footer.hint)))

    @property
    def seen(self) -> str:
        """All that is on the screen, as text."""
        return "\n".join(strip.text for strip in self.painted())

    @property
    def underlined(self) -> list[str]:
        """The underlined parts of the query in the bar."""
        segments = self.screen.bar.render_line(0)
        return [segment.text for segment in segments if segment.style and segment.style.underline]

    def in_widget(self, widget: Widget) -> str:
        """The visible text of a widget."""
        x, y, width, height = widget.region
        strips = self.painted()[y : y + height]
        return "\n".join(strip.crop(x, x + width).text.rstrip() for strip in strips)


Open = Callable[..., AbstractAsyncContextManager[Reader]]


@pytest.fixture(scope="session", autouse=True)
def _parsed_styles() -> Iterator[None]:
    """Parse a style sheet once for all readers of a theme: a fifth of what opening one takes."""
    parse, parsed = Stylesheet._parse_rules, dict[object, list[RuleSet]]()

    def shared(sheet: Stylesheet, *source: Any, **options: Any) -> list[RuleSet]:
        key = (*sheet._variables.items(), source, *options.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **options)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", shared)
        yield


def _paint_nothing(compositor: Compositor, *_: object, **__: object) -> None:
    """Discard the regions that need repainting."""
    compositor._dirty_regions.clear()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the reader over a library: `async with reading(library) as reader`.

    A headless Textual paints every change and throws it away, which is most of its work. Here a
    screen is painted when a test looks at it; one at which it does not look is painted once, a
    dialog when it has settled, and the main screen at the end.
    """
    monkeypatch.setattr(Compositor, "render_update", _paint_nothing)
    monkeypatch.setattr("tui.controllers.marks.POLL_INTERVAL_S", 600)
    monkeypatch.setattr("tui.controllers.reading.VISIT_AFTER_S", 600)
    monkeypatch.setattr("tui.controllers.search.IDLE_S", 0.01)
    monkeypatch.setattr(status_line, "MESSAGE_TIMEOUT_S", 600)  # messages stay to be read

    @asynccontextmanager
    async def opened(
        library: Library,
        config: Config | None = None,
        *,
        query: str = "",
        size: tuple[int, int] = (120, 40),
        keys: dict[str, tuple[str, ...]] | None = None,
        fresh: bool = False,
        terminal: Capabilities | None = None,
    ) -> AsyncIterator[Reader]:
        config = config or Config()
        config = replace(config, keys={**config.keys, **(keys or {})})
        app = CarrelApp(library, config, query, fresh=fresh, terminal=terminal)
        async with app.run_test(size=size) as pilot:
            reader = Reader(app, pilot)
            await reader.settle()
            reader.screen.bar.cursor_blink = False
            yield reader
            if app.is_running and app.screen not in reader._painted:
                reader.painted()

    return opened


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library and the cache after a first start, to be copied."""
    place = tmp_path_factory.mktemp("starter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        with Library.open(place / "library") as library:
            library.add_starter_shelf()
            library.index.sync()
            library.catalogue.sync()
    return place


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[Start]:
    """Starts carrel in a terminal."""
    with open_terminals(tmp_path) as start:
        yield start


@pytest.fixture
def start(tmp_path: Path, first_start: Start, starter_home: Path) -> Start:
    """Starts carrel in a terminal; if there is no library yet, with that of a first start."""

    def start(columns: int, lines: int, redirect: str = "", **options: str) -> Terminal:
        built, home = starter_home, tmp_path
        if not (home / "library").exists():
            copy_library(built / "library", built / "cache", home / "library", home / "cache")
        return first_start(columns, lines, redirect, **options)

    return start


@pytest.fixture
def heeded_signals() -> Iterator[None]:
    """Let processes heed signals that are ignored in this one, as in a shell's background."""
    ignored = [n for n in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def carrel(tmp_path: Path) -> Carrel:
    """The command over an empty library."""
    return Carrel(tmp_path)


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory) -> Carrel:
    """A home with a library of four papers, to be copied: building one takes ten times longer."""
    return Carrel(tmp_path_factory.mktemp("stocked")).stock()


@pytest.fixture
def stocked(carrel: Carrel, stocked_home: Carrel) -> Carrel:
    """The command over a library of four papers."""
    return carrel.copy_of(stocked_home)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, stocked_home: Carrel) -> Carrel:
    """The same, for read-only tests."""
    return Carrel(tmp_path_factory.mktemp("shelf")).copy_of(stocked_home)
