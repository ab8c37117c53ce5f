"""The reader: completion of queries, suggestions, and the keys that accept them."""

import pytest

from index import Library
from tests.tui.conftest import Open, Reader
from tui.controllers import search

NEVER_S = 3_600.0


def bar(reader: Reader) -> str:
    return reader.in_widget(reader.screen.bar).strip()


def notes(reader: Reader) -> list[str]:
    """Return the lines below the bar."""
    place = reader.screen.query_one("#notes")
    return reader.in_widget(place).splitlines() if place.display else []


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
        assert notes(reader) == [
            "   ^^^^^^^^^",
            "   no paper has watermrak; showing watermark · Tab: search watermrak instead",
        ]
        await reader.press("tab")
        assert reader.screen.query_text == '"watermrak" speech'
        await reader.settle()
        assert notes(reader)[1].strip() == (
            "no paper has watermrak; did you mean watermark? · accept: Tab"
        )
        await reader.press("tab")
        assert reader.screen.query_text == '"watermark" speech'
        assert notes(reader) == []
        assert reader.app.focused is reader.screen.bar


async def test_tab_prefers_completion_to_suggestion(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await typed(reader, "watermrak spee")
        assert notes(reader)[1].endswith("showing watermark")
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
        assert notes(reader)[1].strip() == (
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
            assert notes(reader)  # the rows are visible, but not yet the suggestions
            reader.app.workers.cancel_all()
        await reader.search("watermraks")
        assert notes(reader)[0] == "   ^^^^^^^^^^"


async def test_query_note_mark_follows_scrolling(reading: Open, library: Library) -> None:
    async with reading(library, size=(60, 20)) as reader:
        await typed(reader, "深度 watermrak " + "speech " * 8)
        await reader.press("home")
        assert notes(reader)[0] == "        ^^^^^^^^^"
        await reader.press("end")
        assert notes(reader)[0] == "   ‹"
