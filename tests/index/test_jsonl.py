"""JSON lines: the shape that scripts rely on, and any bytes at all read without a fault."""

import io
import json
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.jsonl import MAX_LINE_BYTES, read, recognise, write
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.json_record import as_json, from_json
from index.papers.paper import Paper, SourceRef, build_paper
from tests.examples import examples

KEYS = [
    "id", "title", "abstract", "authors", "year", "date", "venue", "url", "urls", "arxiv_id",
    "doi", "keywords", "categories", "votes", "sources", "bookmarked", "read", "tags", "note",
    "added",
]  # fmt: skip

HOSTILE = ["\x1b[31m", "\x9b2J", "\x1b]0;x\x07", "\x00", "\u202e", "\u2028", "\x85", "\u200b",
           "é", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\u0344" * 4, "\ud800", "\U000e0041",
           "\\", '"', "{", "}", "\n", "\r\n", "\t", " ", "a", "B", "中", "😀",
           "https://github.com/a/b", "10.1234/x.", "2101.00001"]  # fmt: skip
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=8).map("".join)
some = st.lists(texts, max_size=3)
links = st.just("https://x.org/") | texts.map(lambda text: f"https://x.org/{text}") | texts


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A paper as the library holds it: cleaned at import, then marked."""
    paper = build_paper(
        title=f"T{draw(texts)}",
        abstract=draw(texts),
        id=draw(texts),
        authors=draw(some),
        et_al=draw(st.booleans()),
        year=draw(st.none() | st.integers()),
        date=draw(st.none() | texts | st.dates().map(str) | st.just("2024-03")),
        venue=draw(texts),
        url=draw(links),
        urls=draw(st.lists(links, max_size=3)),
        arxiv_id=draw(st.sampled_from(["", "2101.00001v3", "hep-th/9901001"]) | texts),
        doi=draw(st.just("https://doi.org/10.1/x") | texts.map(lambda text: f"10.1234/{text}")),
        keywords=draw(some),
        categories=draw(some),
        votes=draw(st.none() | st.integers()),
    )
    names = st.text(string.ascii_letters, min_size=1)
    held = st.builds(SourceRef, names, st.none() | st.integers(1, 10**6))
    return replace(
        paper,
        sources=tuple(draw(st.lists(held, max_size=2))),
        bookmarked=draw(st.booleans()),
        read=draw(st.booleans()),
        tags=tuple(draw(st.lists(st.sampled_from(["nlp/rag", "todo"]), unique=True))),
        note=draw(st.sampled_from(["", "one", "one\n  two\n\nthree"])),
        added=draw(st.sampled_from(["", "2026-01-02T03:04:05+00:00"])),
    )


def found(data: bytes) -> list[ParsedPaper | Skipped]:
    return list(read(io.BytesIO(data), Origin("file.jsonl")))


def paper_of(**shape: object) -> Paper:
    (entry,) = found(json.dumps({"title": "A title", **shape}).encode())
    assert isinstance(entry, ParsedPaper)
    return entry.paper


def reason_of(data: bytes) -> str:
    (entry,) = found(data)
    assert isinstance(entry, Skipped)
    return entry.reason


class TestWriting:
    def test_the_keys_are_the_contract_and_in_its_order(self) -> None:
        assert list(as_json(Paper(title="T"))) == KEYS

    def test_that_there_are_more_authors_is_one_key_more_and_only_then(self) -> None:
        assert [*as_json(Paper(title="T", et_al=True))] == [*KEYS, "et_al"]

    def test_what_is_unknown_is_null_or_empty(self) -> None:
        shape = as_json(Paper(title="T"))
        assert {shape[key] for key in ("year", "date", "votes")} == {None}
        assert shape["authors"] == shape["tags"] == shape["sources"] == []

    def test_a_source_is_a_name_and_a_position(self) -> None:
        shape = as_json(Paper(title="T", sources=(SourceRef("page", 3), SourceRef("mine"))))
        assert shape["sources"] == [
            {"name": "page", "position": 3},
            {"name": "mine", "position": None},
        ]

    def test_text_is_written_as_it_is_read(self) -> None:
        assert "Képes 中文" in "".join(write([Paper(title="Képes 中文")]))

    def test_no_papers_are_no_lines(self) -> None:
        assert list(write([])) == []

    @given(st.text())
    def test_a_line_is_one_line_that_no_terminal_acts_on(self, title: str) -> None:
        (line,) = write([Paper(title=title + "\x1b\x9b\u202e\u2028\ud800\U000e0041")])
        assert line.endswith("\n")
        assert line[:-1].isprintable()
        assert line.encode()
        assert json.loads(line)["title"].startswith(title)


class TestRoundTrip:
    @given(papers())
    def test_a_paper_comes_back_unchanged(self, paper: Paper) -> None:
        assert from_json(json.loads(json.dumps(as_json(paper)))) == paper

    @examples(30)
    @given(st.lists(papers(), max_size=3))
    def test_a_file_comes_back_unchanged(self, many: list[Paper]) -> None:
        entries = found("".join(write(many)).encode())
        assert [entry.paper for entry in entries if isinstance(entry, ParsedPaper)] == many
        assert [entry.position for entry in entries if isinstance(entry, ParsedPaper)] == [
            *range(1, len(many) + 1)
        ]


class TestReading:
    def test_lines_and_positions_count_from_one_and_blank_lines_are_no_papers(self) -> None:
        entries = found(b'\n{"title": "A"}\n \t\nnonsense\n{"title": "B"}')
        places = [(entry.line, getattr(entry, "position", None)) for entry in entries]
        assert places == [(2, 1), (4, None), (5, 2)]

    @pytest.mark.parametrize(
        "data",
        [
            b'\xef\xbb\xbf{"title": "A"}\n{"title": "B"}\n',
            b'{"title": "A"}\r\n{"title": "B"}\r\n',
            b'{"title": "A"}\n\r\n\x00\n{"title": "B"}\x00\n',
            b'{"title": "\x1b[2JA\x00"}\n{"title": "B\t\x07"}\n',
            b'\xef\xbb\xbf\r\n{"title": "A"}\n\xef\xbb\xbf{"title": "B"}',
        ],
        ids=["byte order mark", "CRLF", "NULs about", "raw controls", "joined files"],
    )
    def test_marks_and_line_ends_of_other_systems_are_no_fault(self, data: bytes) -> None:
        titles = [entry.paper.title for entry in found(data) if isinstance(entry, ParsedPaper)]
        assert titles == ["A", "B"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
    def test_a_file_in_wider_characters_is_read(self, encoding: str) -> None:
        text = '\ufeff{"title": "Gödel Ċ"}\n{"title": "b"}\n'
        data = (text if encoding == "utf-16-be" else text[1:]).encode(encoding)
        titles = [each.paper.title for each in found(data) if isinstance(each, ParsedPaper)]
        assert titles == ["Gödel Ċ", "b"]

    def test_other_encodings_are_read(self) -> None:
        (entry,) = found('{"title": "Képes"}'.encode("cp1252"))
        assert isinstance(entry, ParsedPaper)
        assert entry.paper.title == "Képes"

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b'{"title": "A"', "not JSON at column 14: Expecting ',' delimiter"),
            (b'["title"]', "not a JSON object"),
            (b"12", "not a JSON object"),
            (b'{"abstract": "no name"}', "no title; give the entry one"),
            (b'{"title": " \\u001b[2J\\u200b "}', "no title; give the entry one"),
            (b'{"title": ["A"]}', "no title; give the entry one"),
            (b"[" * 200_000, "nested too deeply"),
            (b'{"title": "A", "x": ' + b'{"y": ' * 200_000, "nested too deeply"),
        ],
    )
    def test_a_bad_line_is_skipped_with_its_reason(self, line: bytes, reason: str) -> None:
        assert reason_of(line) == reason

    def test_an_overlong_line_is_skipped_and_the_next_one_read(self) -> None:
        long = b'{"title": "' + b"x" * (2 * MAX_LINE_BYTES) + b'"}'
        first, second = found(long + b'\n{"title": "B"}\n')
        assert first == Skipped(1, "longer than 4 MB; split the entry")
        assert isinstance(second, ParsedPaper)
        assert (second.line, second.position, second.paper.title) == (2, 1, "B")

    def test_a_line_of_just_the_longest_length_is_read(self) -> None:
        line = b'{"title": "A", "x": "'.ljust(MAX_LINE_BYTES - 2, b"x") + b'"}'
        assert isinstance(found(line)[0], ParsedPaper)
        assert isinstance(found(line + b"\n")[0], ParsedPaper)

    @given(st.binary() | st.text().map(str.encode))
    def test_any_bytes_are_read_without_a_fault(self, data: bytes) -> None:
        for entry in found(data):
            assert isinstance(entry, ParsedPaper | Skipped)

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    )

    @given(st.dictionaries(st.sampled_from(KEYS), json_values))
    def test_a_value_of_the_wrong_type_counts_as_unknown(self, shape: dict[str, object]) -> None:
        paper = paper_of(**{**shape, "title": "A title"})
        assert from_json(as_json(paper)) == paper


class TestValues:
    @pytest.mark.parametrize("year", [True, 2020.5, [2020], "--20", "²", "٢٠٢٠", "20 20", 10**400])
    def test_a_year_that_is_none_is_unknown(self, year: object) -> None:
        assert paper_of(year=year).year is None

    def test_a_number_may_be_written_as_text(self) -> None:
        paper = paper_of(year=" 2020 ", votes="-3")
        assert (paper.year, paper.votes) == (2020, -3)

    def test_a_number_too_long_for_python_costs_the_value_and_not_the_paper(self) -> None:
        (entry,) = found(b'{"title": "A", "votes": ' + b"9" * 5000 + b"}")
        assert isinstance(entry, ParsedPaper)
        assert entry.paper.votes is None

    def test_one_text_may_stand_for_a_list_of_one(self) -> None:
        assert paper_of(authors="Ada Lovelace", tags="todo").authors == ("Ada Lovelace",)

    def test_tags_take_their_form_and_what_is_none_goes(self) -> None:
        paper = paper_of(tags=["\x1b[31mnlp /rag", "nlp-/rag", "!?", "a\u202eb"])
        assert paper.tags == ("nlp-/rag", "ab")

    @pytest.mark.parametrize("position", [0, -1, True, "x", 2**31, 10**300, None])
    def test_a_position_that_is_none_is_unknown(self, position: object) -> None:
        paper = paper_of(sources=[{"name": "page", "position": position}])
        assert paper.sources == (SourceRef("page"),)

    @pytest.mark.parametrize("sources", ["page", [["page"]], {"name": "page"}, [{"name": ""}], 7])
    def test_sources_of_another_shape_are_unknown(self, sources: object) -> None:
        assert paper_of(sources=sources).sources == ()

    def test_a_moment_is_kept_in_utc(self) -> None:
        assert paper_of(added="2026-01-02T03:04:05+02:00").added == "2026-01-02T01:04:05+00:00"
        assert paper_of(added="2026-01-02T03:04:05Z").added == "2026-01-02T03:04:05+00:00"

    @pytest.mark.parametrize(
        "added", ["yesterday", "2026-01-02", "0001-01-01T00:00:00+23:00", "٢٠٢٦"]
    )
    def test_a_moment_that_is_none_is_unknown(self, added: str) -> None:
        assert paper_of(added=added).added == ""

    def test_no_identifier_carries_what_a_terminal_acts_on(self) -> None:
        paper = paper_of(
            id="a\x1b[2Jb", doi="10.1234/\x1b[2Jx\u202ey", date="2026-01-02\x1b[2J",
            arxiv_id="2101.00001\x1b[2J", url="https://x.org/\x1b[2J", added="2026-01-02\x1b03:04Z",
        )  # fmt: skip
        assert paper.id == "ab"
        assert paper.doi == "10.1234/xy"
        assert all(text.isprintable() for text in (paper.date or "", *paper.links, paper.added))

    @pytest.mark.parametrize("date", ["2023-02-29", "2024-13", "٢٠٢٤-٠١-٠١", "2024-02-30"])
    def test_a_day_that_never_was_is_unknown(self, date: str) -> None:
        assert paper_of(date=date).date is None


class TestRecognising:
    @pytest.mark.parametrize("head", ['{"title": "A"}\n', '\ufeff\r\n {"id": 1, "title": "A"}'])
    def test_an_object_with_a_title_on_the_first_line(self, head: str) -> None:
        assert recognise(head)

    @pytest.mark.parametrize(
        "head", ["", "A title\n", '[{"title": "A"}]', '{\n"title": "A"}', '{"name": "A"}', "@misc{"]
    )
    def test_nothing_else(self, head: str) -> None:
        assert not recognise(head)


def test_what_has_the_keys_of_carrel_comes_in_as_it_is_written() -> None:
    line = (
        b'{"id": "conf/icml/Lovelace25", "title": "A", "authors": ["Lovelace, Ada"], '
        b'"categories": ["Computation and Language"], "keywords": ["desks, lamps"]}'
    )
    (entry,) = found(line)
    assert isinstance(entry, ParsedPaper)
    paper = entry.paper
    assert (paper.id, paper.authors) == ("conf/icml/Lovelace25", ("Lovelace, Ada",))
    assert (paper.categories, paper.keywords) == (("Computation and Language",), ("desks, lamps",))
