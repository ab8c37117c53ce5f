"""The reader: filters, their counts, and the values chosen in them."""

from index import Library

from .conftest import Open


async def test_filters_show_counts_of_result(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        for query in ("", "graph"):
            await reader.search(query)
            shown = {
                (row.field, row.value): row.count
                for row in reader.screen.facets.rows
                if row.field and not row.more
            }
            counted = {
                (facet.field, count.value): count.count
                for facet in marked.facets(query)
                for count in facet.counts[:8]
            }
            assert shown == counted


async def test_filters_edit_query(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.search("diffus")
        await reader.choose("venue", "ACL [main]")
        await reader.press("enter")
        assert reader.screen.bar.value.strip() == 'venue:"ACL [main]" diffus'
        assert len(reader.ids) == 12
        await reader.choose("year", "2021")
        await reader.press("minus")
        assert len(reader.ids) == 8
        assert "+venue:ACL [main]" in reader.seen
        assert "−year:2021" in reader.seen
        assert "clear: F" in reader.seen
        await reader.press("minus")  # a second time removes it
        assert len(reader.ids) == 12
        await reader.press("F")
        assert reader.screen.bar.value.strip() == "diffus"
        assert "clear: F" not in reader.seen


async def test_filter_click_chooses_value(reading: Open, marked: Library) -> None:
    async with reading(marked, size=(170, 60)) as reader:
        rows = reader.screen.facets.rows
        row = next(at for at, row in enumerate(rows) if row.value == "toread")
        await reader.pilot.click("#facets", offset=(5, row))
        await reader.settle()
        assert reader.screen.bar.value == "tag:toread "
        assert len(reader.ids) == 2


async def test_filter_typed_is_marked_in_pane(reading: Open, marked: Library) -> None:
    async with reading(marked) as reader:
        await reader.search("tag:toread -year:2021")
        chosen = {row.value: row.chosen for row in reader.screen.facets.rows if row.chosen}
        assert chosen == {"toread": "+", "2021": "-"}


async def test_chosen_state_stays_in_its_row(reading: Open, marked: Library) -> None:
    def states() -> list[str]:
        return [row.value for row in reader.screen.facets.rows if row.field == "is"]

    async with reading(marked) as reader:
        before = states()
        assert before.index("incomplete") > 0
        await reader.search("is:incomplete")
        assert states() == [state for state in before if state in states()]


async def test_facet_expands(reading: Open, library: Library) -> None:
    with_many = [f"tag{number}" for number in range(12)]
    from index.marks.changes import Tag

    library.apply(Tag(("study-0",), add=tuple(with_many)))
    async with reading(library) as reader:
        facets = reader.screen.facets
        reader.screen.panes.go(facets)
        await reader.settle()
        assert "… 4 more" in reader.seen
        facets.move_to(next(at for at, row in enumerate(facets.rows) if row.more))
        await reader.press("enter")
        assert {row.value for row in facets.rows if row.field == "tag"} == set(with_many)


async def test_filters_several_values_match_any(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.choose("author", "Ada Képes1")
        await reader.press("enter")
        assert reader.screen.bar.value == 'author:"Ada Képes1" '
        assert len(reader.ids) == 6
        await reader.choose("author", "Grace Hopper")
        await reader.press("minus")
        assert reader.ids == []
        await reader.press("enter")
        assert reader.screen.bar.value.strip() == 'author:("Ada Képes1" OR "Grace Hopper")'
        assert len(reader.ids) == 24
        assert reader.screen.facets.current
        assert reader.screen.facets.current.value == "Grace Hopper"
        assert "+author:Ada Képes1 | Grace Hopper" in reader.seen


async def test_topics_are_counted_in_background_and_filter(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        assert {row.title for row in reader.screen.facets.rows} >= {"Topic", "Author", "Venue"}
        await reader.choose("topic", "watermarking language models")
        assert reader.screen.facets.current
        count = reader.screen.facets.current.count
        await reader.press("enter")
        assert reader.screen.bar.value == 'topic:"watermarking language models" '
        assert len(reader.ids) == count == 8


async def test_filters_show_histogram_of_years(reading: Open, library: Library) -> None:
    async with reading(library, size=(170, 60)) as reader:
        lines = reader.in_widget(reader.screen.facets).splitlines()
        at = next(at for at, line in enumerate(lines) if line.strip() == "Year")
        assert lines[at + 1].split() == ["2020", "█████████", "2022"]
        await reader.search("year:2021")
        assert "█" not in reader.in_widget(reader.screen.facets)
