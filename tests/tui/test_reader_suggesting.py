"""The reader: completion of queries, suggestions, and the keys that accept them."""

import pytest

from index import Library
from index.query import QueryNote
from tests.tui.conftest import NEVER_S, Open, Reader
from tui.controllers import search


def bar(reader: Reader) -> str:
    return reader.in_widget(reader.screen.bar).strip()


def note(reader: Reader) -> str:
    """Return the note on the query."""
    place = reader.screen.header.notes
    return reader.in_widget(place).strip() if place.display else ""


async def typed(reader: Reader, text: str) -> None:
    await reader.press("slash")
    await reader.search(text)


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_completion_is_shown_and_accepted(reading: Open, library: Library, key: str) -> None:
    async with reading(library) as reader:
        await typed(reader, "water")
        assert bar(reader) == "watermark"
        assert reader.screen.query_text == "water"
        await reader.press(key)
        assert reader.screen.query_text == "watermark"
        assert reader.screen.bar.cursor_at_end
        assert reader.app.focused is reader.screen.bar


async def test_completion_of_fields_and_quoted_values(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermark au")
        await reader.press("tab")
        assert reader.screen.query_text == "watermark author:"
        await reader.search("watermark author:kepes0")
        assert bar(reader) == "watermark author:kepes0 → Ada Képes0"
        await reader.press("tab")
        assert reader.screen.query_text == 'watermark author:"Ada Képes0"'
        assert reader.screen.results
        assert reader.screen.results.full == 6  # every fourth of 24 is theirs


async def test_tab_without_completion_focuses_papers(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermark ")
        await reader.press("tab")
        assert reader.app.focused is reader.screen.papers
        assert reader.screen.query_text == "watermark "


async def test_enter_searches_without_completion(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "water")
        await reader.press("enter")
        assert reader.screen.query_text == "water"
        assert bar(reader) == "water"


async def test_completion_continues_with_typed_letters(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "wat")
        reader.screen.bar.value = "wate"
        assert reader.screen.bar.completion
        assert reader.screen.bar.completion.text == "watermark"
        reader.screen.bar.value = "watex"
        assert reader.screen.bar.completion is None
        await reader.settle()
        assert bar(reader) == "watex"


async def test_completion_scrolls_into_view(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        await typed(reader, "speech diffusion of graphs and author:gra")
        assert bar(reader).endswith("author:grace Hopper")


async def test_unknown_word_is_replaced_tab_searches_for_it_instead(
    reading: Open, library: Library
) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermrak speech")
        assert note(reader) == (
            "no paper has watermrak; showing watermark · Tab: search watermrak instead"
        )
        assert reader.underlined == ["watermrak"]
        await reader.press("tab")
        assert reader.screen.query_text == '"watermrak" speech'
        await reader.settle()
        assert note(reader) == "no paper has watermrak; did you mean watermark? · accept: Tab"
        await reader.press("tab")
        assert reader.screen.query_text == '"watermark" speech'
        assert note(reader) == ""
        assert reader.underlined == []
        assert reader.app.focused is reader.screen.bar


async def test_tab_prefers_completion_to_suggestion(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermrak spee")
        assert note(reader).endswith("showing watermark")
        await reader.press("tab")
        assert reader.screen.query_text == "watermrak speech"
        await reader.press("tab")
        assert reader.screen.query_text == '"watermrak" speech'


async def test_tab_corrects_field_and_state(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "autor:grace ")
        await reader.press("tab")
        assert reader.screen.query_text == "author:grace "
        await reader.search("is:unreaad speech ")
        await reader.press("tab")
        assert reader.screen.query_text == "is:unread speech "


async def test_query_notes_show_count(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermrak autor:x is:unreaad ")
        assert note(reader) == (
            "no paper has watermrak; did you mean watermark? · accept: Tab · 2 more"
        )


async def test_spelling_note_remains_while_word_remains(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermrak ")
        with monkeypatch.context() as patch:
            patch.setattr(search, "IDLE_S", NEVER_S)
            reader.screen.bar.value = "watermrak s"
            while not (results := reader.screen.results) or results.query.text != "watermrak s":
                await reader.pilot.pause()
            assert note(reader)  # the rows are visible, but not yet the suggestions
            reader.app.workers.cancel_all()
        await reader.search("watermraks")
        assert reader.underlined == ["watermraks"]


async def test_query_note_underlines_words_when_scrolled(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        await typed(reader, "深度 watermrak " + "speech " * 8)
        await reader.press("home")
        assert reader.underlined == ["watermrak"]
        await reader.press("end")
        assert reader.underlined == []  # out of view


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (170, 50)])
async def test_query_note_leaves_papers_in_place(
    reading: Open, library: Library, size: tuple[int, int]
) -> None:
    async with reading(library, size=size) as reader:
        place = reader.screen.papers.region
        await typed(reader, "graph zz:x ")
        assert "unknown field zz" in reader.seen.splitlines()[1]
        assert reader.screen.papers.region == place
        await reader.search("graph ")
        assert note(reader) == ""
        assert reader.screen.papers.region == place


async def test_query_note_click_accepts_suggestion(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "autor:grace ")
        await reader.pilot.click("#notes", offset=(5, 0))
        await reader.settle()
        assert reader.screen.query_text == "author:grace "


async def test_suggestion_gives_way_to_the_filters_when_the_papers_have_the_focus(
    reading: Open, library: Library
) -> None:
    async with reading(library, size=(120, 40)) as reader:
        await reader.press("slash")
        suggestion = QueryNote("also: steganography", 0, 9, ("steganography",))
        await reader.search("watermark")
        reader.screen.header.add_spelling((suggestion,))
        await reader.settle()
        assert note(reader).startswith("also: steganography")
        await reader.press("enter")
        assert note(reader) == ""
        await reader.press("slash")
        assert note(reader).startswith("also: steganography")


async def test_suggestion_for_a_query_without_papers_stays(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "title:xyzzy")
        reader.screen.header.add_spelling((QueryNote("title: try this", 0, 11, ("watermark",)),))
        await reader.press("enter")
        assert note(reader).startswith("title: try this")
