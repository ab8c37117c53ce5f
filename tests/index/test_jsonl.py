"""JSON lines: the stable keys, round trips and invalid input."""

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
    "added", "type", "names", "citation", "known_as", "dismissed", "later",
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
    source_refs = st.builds(SourceRef, names, st.none() | st.integers(1, 10**6))
    return replace(
        paper,
        sources=tuple(draw(st.lists(source_refs, max_size=2))),
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
    def test_record_has_documented_keys_in_order(self) -> None:
        assert list(as_json(Paper(title="T"))) == KEYS

    def test_et_al_key_is_present_only_if_true(self) -> None:
        assert [*as_json(Paper(title="T", et_al=True))] == [*KEYS, "et_al"]

    def test_missing_values_are_null_or_empty(self) -> None:
        shape = as_json(Paper(title="T"))
        assert {shape[key] for key in ("year", "date", "votes")} == {None}
        assert shape["authors"] == shape["tags"] == shape["sources"] == []

    def test_source_has_name_and_position(self) -> None:
        shape = as_json(Paper(title="T", sources=(SourceRef("page", 3), SourceRef("mine"))))
        assert shape["sources"] == [
            {"name": "page", "position": 3},
            {"name": "mine", "position": None},
        ]

    def test_text_is_written_as_unicode(self) -> None:
        assert "Képes 中文" in "".join(write([Paper(title="Képes 中文")]))

    def test_export_of_no_papers_is_empty(self) -> None:
        assert list(write([])) == []

    @given(st.text())
    def test_line_has_no_control_characters(self, title: str) -> None:
        (line,) = write([Paper(title=title + "\x1b\x9b\u202e\u2028\ud800\U000e0041")])
        assert line.endswith("\n")
        assert line[:-1].isprintable()
        assert line.encode()
        assert json.loads(line)["title"].startswith(title)


class TestRoundTrip:
    @given(papers())
    def test_paper_round_trips(self, paper: Paper) -> None:
        assert from_json(json.loads(json.dumps(as_json(paper)))) == paper

    @examples(30)
    @given(st.lists(papers(), max_size=3))
    def test_file_round_trips(self, many: list[Paper]) -> None:
        entries = found("".join(write(many)).encode())
        assert [entry.paper for entry in entries if isinstance(entry, ParsedPaper)] == many
        assert [entry.position for entry in entries if isinstance(entry, ParsedPaper)] == [
            *range(1, len(many) + 1)
        ]


class TestReading:
    def test_lines_and_positions_count_from_one(self) -> None:
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
    def test_byte_order_marks_and_line_ends_are_accepted(self, data: bytes) -> None:
        titles = [entry.paper.title for entry in found(data) if isinstance(entry, ParsedPaper)]
        assert titles == ["A", "B"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
    def test_utf_16_and_utf_32_are_read(self, encoding: str) -> None:
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
            (b'["title"]', 'not a JSON object; write papers as {"title": …}'),
            (b"12", 'not a JSON object; write papers as {"title": …}'),
            (b'{"abstract": "no name"}', "no title; give the entry one"),
            (b'{"title": " \\u001b[2J\\u200b "}', "no title; give the entry one"),
            (b'{"title": ["A"]}', "no title; give the entry one"),
            (b"[" * 200_000, "nested too deeply"),
            (b'{"title": "A", "x": ' + b'{"y": ' * 200_000, "nested too deeply"),
        ],
    )
    def test_invalid_line_is_skipped_with_its_reason(self, line: bytes, reason: str) -> None:
        assert reason_of(line) == reason

    def test_overlong_line_is_skipped(self) -> None:
        long = b'{"title": "' + b"x" * (2 * MAX_LINE_BYTES) + b'"}'
        first, second = found(long + b'\n{"title": "B"}\n')
        assert first == Skipped(1, "longer than 4 MB; split the entry")
        assert isinstance(second, ParsedPaper)
        assert (second.line, second.position, second.paper.title) == (2, 1, "B")

    def test_line_of_maximum_length_is_read(self) -> None:
        line = b'{"title": "A", "x": "'.ljust(MAX_LINE_BYTES - 2, b"x") + b'"}'
        assert isinstance(found(line)[0], ParsedPaper)
        assert isinstance(found(line + b"\n")[0], ParsedPaper)

    @given(st.binary() | st.text().map(str.encode))
    def test_any_bytes_are_read_without_exception(self, data: bytes) -> None:
        for entry in found(data):
            assert isinstance(entry, ParsedPaper | Skipped)

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    )

    @given(st.dictionaries(st.sampled_from(KEYS), json_values))
    def test_value_of_wrong_type_counts_as_missing(self, shape: dict[str, object]) -> None:
        paper = paper_of(**{**shape, "title": "A title"})
        assert from_json(as_json(paper)) == paper


class TestValues:
    @pytest.mark.parametrize("year", [True, 2020.5, [2020], "--20", "²", "٢٠٢٠", "20 20", 10**400])
    def test_invalid_year_is_dropped(self, year: object) -> None:
        assert paper_of(year=year).year is None

    def test_number_as_text_is_read(self) -> None:
        paper = paper_of(year=" 2020 ", votes="-3")
        assert (paper.year, paper.votes) == (2020, -3)

    def test_huge_number_is_dropped(self) -> None:
        (entry,) = found(b'{"title": "A", "votes": ' + b"9" * 5000 + b"}")
        assert isinstance(entry, ParsedPaper)
        assert entry.paper.votes is None

    def test_single_text_counts_as_list(self) -> None:
        assert paper_of(authors="Ada Lovelace", tags="todo").authors == ("Ada Lovelace",)

    def test_tags_are_normalized_and_invalid_ones_dropped(self) -> None:
        paper = paper_of(tags=["\x1b[31mnlp /rag", "nlp-/rag", "!?", "a\u202eb"])
        assert paper.tags == ("nlp-/rag", "ab")

    @pytest.mark.parametrize("position", [0, -1, True, "x", 2**31, 10**300, None])
    def test_invalid_position_is_dropped(self, position: object) -> None:
        paper = paper_of(sources=[{"name": "page", "position": position}])
        assert paper.sources == (SourceRef("page"),)

    @pytest.mark.parametrize("sources", ["page", [["page"]], {"name": "page"}, [{"name": ""}], 7])
    def test_malformed_sources_are_dropped(self, sources: object) -> None:
        assert paper_of(sources=sources).sources == ()

    def test_timestamp_is_converted_to_utc(self) -> None:
        assert paper_of(added="2026-01-02T03:04:05+02:00").added == "2026-01-02T01:04:05+00:00"
        assert paper_of(added="2026-01-02T03:04:05Z").added == "2026-01-02T03:04:05+00:00"

    @pytest.mark.parametrize(
        "added", ["yesterday", "2026-01-02", "0001-01-01T00:00:00+23:00", "٢٠٢٦"]
    )
    def test_invalid_timestamp_is_dropped(self, added: str) -> None:
        assert paper_of(added=added).added == ""

    def test_identifiers_have_no_control_characters(self) -> None:
        paper = paper_of(
            id="a\x1b[2Jb", doi="10.1234/\x1b[2Jx\u202ey", date="2026-01-02\x1b[2J",
            arxiv_id="2101.00001\x1b[2J", url="https://x.org/\x1b[2J", added="2026-01-02\x1b03:04Z",
        )  # fmt: skip
        assert paper.id == "ab"
        assert paper.doi == "10.1234/xy"
        assert all(text.isprintable() for text in (paper.date or "", *paper.links, paper.added))

    @pytest.mark.parametrize("date", ["2023-02-29", "2024-13", "٢٠٢٤-٠١-٠١", "2024-02-30"])
    def test_invalid_day_is_dropped(self, date: str) -> None:
        assert paper_of(date=date).date is None


class TestRecognising:
    @pytest.mark.parametrize("head", ['{"title": "A"}\n', '\ufeff\r\n {"id": 1, "title": "A"}'])
    def test_json_lines_are_recognised_by_first_line(self, head: str) -> None:
        assert recognise(head)

    @pytest.mark.parametrize(
        "head", ["", "A title\n", '[{"title": "A"}]', '{\n"title": "A"}', '{"name": "A"}', "@misc{"]
    )
    def test_other_texts_are_not_recognised(self, head: str) -> None:
        assert not recognise(head)


def test_own_keys_are_read_unchanged() -> None:
    line = (
        b'{"id": "conf/icml/Lovelace25", "title": "A", "authors": ["Lovelace, Ada"], '
        b'"categories": ["Computation and Language"], "keywords": ["desks, lamps"]}'
    )
    (entry,) = found(line)
    assert isinstance(entry, ParsedPaper)
    paper = entry.paper
    assert (paper.id, paper.authors) == ("conf/icml/Lovelace25", ("Lovelace, Ada",))
    assert (paper.categories, paper.keywords) == (("Computation and Language",), ("desks, lamps",))
