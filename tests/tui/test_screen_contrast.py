"""The contrast of every cell of the screens and dialogs beside the main one, in both themes."""

from dataclasses import replace

import pytest

from index import Library, Paper
from index.marks.changes import Bookmark, Dismissed, Note, Read, Tag
from index.papers.found_record import FoundRecord
from tui.config.configuration import Config

from .conftest import Open
from .test_contrast import themes, too_faint

TEXT = "We present a module that rewrites what was retrieved before a model reads any of it at all."
ONE = Paper("Optimising Behaviour Models", TEXT, id="one", authors=("Ada Lovelace",),
            arxiv_id="2301.00001")  # fmt: skip
OTHER = replace(ONE, title="Optimizing Behavior Models", abstract=f"{TEXT} Code is online.",
                id="other", arxiv_id="", doi="10.1234/x5", year=2024)  # fmt: skip


@pytest.fixture
def crowded(library: Library) -> Library:
    """The library with marks, a likely duplicate, a candidate, a saved search and a history."""
    library.add([ONE], "arxiv")
    library.add([OTHER], "acl")
    library.apply(Bookmark(("study-0", "study-3", "other")))
    library.apply(Read(("study-0", "study-1")))
    library.apply(Dismissed(("study-7",)))
    library.apply(Tag(("study-0", "one"), add=("nlp/rag",)))
    library.apply(Note(("one",), "again"))
    library.saved.add("graphs", "graph")
    library.history.add("speech")
    key = library.keys(["study-2"])[0]
    library.enrichment.suggest(key, [FoundRecord(OTHER, "crossref", 0.7)])
    library.index.sync()
    library.catalogue.sync()
    return library


@themes
@pytest.mark.parametrize(
    ("command", "keys"),
    [("duplicates", ["j", "d", "m"]), ("candidates", ["j", "x"]), ("statistics", ["ctrl+d"]),
     ("triage", ["b", "l", "d", "space", "w", "k"]), ("records", ["enter"])],
)  # fmt: skip
async def test_contrast_of_screens_is_sufficient(
    reading: Open, crowded: Library, theme: str, command: str, keys: list[str]
) -> None:
    async with reading(crowded, Config(theme=theme), size=(80, 24)) as reader:
        await reader.go_to("study-2" if command == "candidates" else "one")
        await reader.command(command)
        await reader.settle()
        assert reader.app.screen is not reader.screen
        assert too_faint(reader) == []
        for key in keys:
            await reader.press(key)
            assert too_faint(reader) == []


@themes
async def test_contrast_of_commands_with_dialogs_is_sufficient(
    reading: Open, crowded: Library, theme: str
) -> None:
    async with reading(crowded, Config(theme=theme), size=(80, 24)) as reader:
        for command in ("run_saved", "delete_saved", "search_history", "theme", "rename_tag",
                        "delete_tag", "import", "fetch_arxiv", "fetch_paper",
                        "keep_file", "enrich"):  # fmt: skip
            await reader.command(command)
            await reader.settle()
            assert reader.app.screen is not reader.screen, command
            for key in ("a", "down"):
                assert (command, too_faint(reader)) == (command, [])
                if command in ("enrich", "theme"):  # which a key would leave
                    break
                await reader.press(key)
            await reader.press("escape")
            assert reader.app.screen is reader.screen, command


@themes
async def test_contrast_at_the_end_of_a_triage_is_sufficient(
    reading: Open, crowded: Library, theme: str
) -> None:
    async with reading(crowded, Config(theme=theme), size=(80, 24)) as reader:
        await reader.search("id:study-4 OR id:study-5")
        await reader.press("m", "b", "d")
        assert "kept 1" in reader.seen
        assert too_faint(reader) == []
