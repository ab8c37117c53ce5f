"""XML records are independent of each other and of the file around them."""

import io
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.records.xml_records import MAX_RECORD_CHARS, element, records, root_name, text_of
from index.papers.entries import ParsedPaper, Skipped
from tests.index.reading import entries, papers

NAMES = ("entry", "item")


def texts(data: str | bytes) -> list[tuple[int, str]]:
    """Return the line of each record, and its text or why it has none."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return [(record.line, text(record)) for record in records(stream, NAMES)]


def text(record) -> str:  # type: ignore[no-untyped-def]  # a record
    try:
        return text_of(element(record))
    except ValueError as error:
        return f"! {error}"


def titled(*titles: str) -> str:
    return "\n".join(f"<entry><title>{title}</title></entry>" for title in titles)


def feed(*parts: str) -> str:
    return "<feed>\n" + "\n".join(parts) + "\n</feed>"


class TestCutting:
    def test_record_has_its_first_line(self) -> None:
        assert texts(feed("<entry>a</entry>", "", "<x:item\n k='1'>b</x:item ><item/>")) == [
            (2, "a"),
            (4, "b"),
            (5, ""),
        ]

    def test_element_with_similar_name_is_no_record(self) -> None:
        assert texts("<items><entry-list><entry>a</entry></entry-list></items>") == [(1, "a")]

    def test_comments_and_cdata_contain_no_records(self) -> None:
        data = "<!-- <entry> --><entry>a<![CDATA[</entry><entry> & <b>]]></entry><entry>c</entry>"
        assert texts(data) == [(1, "a</entry><entry> & <b>"), (1, "c")]

    @pytest.mark.parametrize("opening", ["<!--", "<![CDATA["])
    def test_unclosed_section_costs_one_record(self, opening: str) -> None:
        closing = "-->" if opening == "<!--" else "]]>"
        good = f"<entry>{opening}x{closing}b</entry>"
        (_, broken), (line, second), (_, last) = texts(
            feed(f"<entry>{opening}a</entry>", good, "<entry>c</entry>")
        )
        assert broken.startswith("! not well-formed XML")
        assert (line, second.removeprefix("x"), last) == (3, "b", "c")

    def test_record_without_end_costs_only_itself(self) -> None:
        assert texts(feed("<entry>a", "<entry>b</entry>")) == [
            (2, "! the end of this entry is missing"),
            (3, "b"),
        ]

    def test_record_without_beginning_is_reported(self) -> None:
        assert texts(feed("<entry>a</entry>", "b</entry>", "<entry>c</entry>")) == [
            (2, "a"),
            (3, "! end tag without a start tag"),
            (4, "c"),
        ]

    def test_truncated_file_loses_last_record(self) -> None:
        whole = feed(*[f"<entry>{n}</entry>" for n in range(9)])
        assert texts(whole[: whole.index("8")]) == [
            *((n + 2, str(n)) for n in range(8)),
            (10, "! the file ends inside this entry"),
        ]

    def test_overlong_record_is_skipped(self) -> None:
        long = "x" * (MAX_RECORD_CHARS * 2)
        assert texts(feed(f"<entry>{long}</entry>", "<entry>b</entry>")) == [
            (2, "! longer than 4 million characters"),
            (3, "b"),
        ]

    @given(st.text(max_size=60), st.integers(1, 300))
    def test_chunk_size_does_not_change_records(self, noise: str, size: int) -> None:
        class Slow(io.BytesIO):
            def read(self, count: int | None = -1) -> bytes:
                return super().read(min(size, count) if count and count > 0 else count)

        data = feed("<entry>é</entry>", noise, "<entry><!-- <entry> --> b</entry>").encode(
            errors="replace"
        )
        assert [r.text for r in records(Slow(data), NAMES)] == [
            r.text for r in records(io.BytesIO(data), NAMES)
        ]

    def test_long_file_needs_memory_of_one_record(self) -> None:
        class Endless(io.RawIOBase):
            """A feed of 40 MB, generated while it is read."""

            def __init__(self) -> None:
                self.left = 160

            def seekable(self) -> bool:
                return True

            def seek(self, place: int, whence: int = 0) -> int:
                self.left = 160
                return place

            def read(self, size: int = -1) -> bytes:
                self.left -= 1
                return b"<entry>" + b"x" * 250_000 + b"</entry>\n" if self.left > 0 else b""

        tracemalloc.start()
        count = 0
        endless: Any = Endless()  # read and seek are all that is used of a file
        for _ in records(endless, NAMES):
            count += 1
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count > 150
        assert peak < 5_000_000


class TestParsing:
    def test_malformed_record_reports_its_line(self) -> None:
        assert texts(feed("<entry>\n<b>\nR&D</b></entry>", "<entry>ok</entry>")) == [
            (2, "! not well-formed XML: not well-formed (invalid token) on line 4"),
            (5, "ok"),
        ]

    def test_one_broken_record_in_a_thousand_costs_only_itself(self) -> None:
        rows = [f"<entry>{n}</entry>" for n in range(1000)]
        rows[500] = "<entry><b>500</entry>"
        read = texts(feed(*rows))
        assert [row for row in read if row[1].startswith("!")] == [
            (502, "! not well-formed XML: mismatched tag on line 502")
        ]
        assert len(read) == 1000

    def test_html_entities_become_characters(self) -> None:
        assert texts("<entry>K&eacute;pes &lt; &nbsp;&Alpha;&ndash;&LT;&#233;&#xe9;</entry>") == [
            (1, "Képes < \xa0Α–<éé")
        ]

    def test_forbidden_characters_are_removed(self) -> None:
        assert texts("<entry>a\x08b&#8;c&#x1b;d&#55555555;e\x00f\ufffe</entry>") == [(1, "abcdef")]

    def test_namespace_prefixes_are_stripped(self) -> None:
        data = "<feed xmlns:a='x'><entry><a:b k:l='1'>1</a:b><c xmlns:d='y'><d:b/></c></entry>"
        (record,) = records(io.BytesIO(data.encode()), NAMES)
        assert [each.tag for each in element(record).iter()] == ["entry", "b", "c", "b"]

    def test_deeply_nested_record_is_skipped(self) -> None:
        deep = f"<entry>{'<b>' * 300_000}</entry>"
        assert texts(deep) == [(1, "! nested deeper than 200 elements")]


class TestHostileFiles:
    def test_declared_entities_are_not_expanded(self) -> None:
        bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        data = f"<!DOCTYPE f [<!ENTITY l0 'lol'>{bomb}]>" + feed(
            "<entry>&l11;</entry>", "<entry>ok</entry>"
        )
        (_, broken), (_, good) = texts(data)
        assert broken == "! not well-formed XML: undefined entity on line 2"
        assert good == "ok"

    def test_external_entities_are_not_read(self) -> None:
        data = '<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/hostname">]><entry>&x;</entry>'
        assert texts(data) == [(1, "! not well-formed XML: undefined entity on line 1")]

    def test_document_type_within_record_is_rejected(self) -> None:
        ((_, reason),) = texts('<entry><!DOCTYPE x [<!ENTITY a "b">]>&a;</entry>')
        assert reason.startswith("! not well-formed XML")

    @pytest.mark.parametrize(
        "data",
        [
            "<entry " + "a='1' " * 300_000 + ">x</entry>",
            f"<entry a='{'x' * 3_000_000}'>x</entry>",
            "<entry>" + "<!--" * 100_000 + "</entry>",
            "<entry>" * 50_000,
            "</entry>" * 50_000,
            "<![CDATA[" * 100_000 + "<entry>x</entry>",
            "<!--" * 100_000 + "-->" * 100_000,
            "<" * 2_000_000,
            "<a:" * 700_000,
        ],
        ids=range(9),
    )
    def test_hostile_text_is_read_in_linear_time(self, data: str) -> None:
        began = time.process_time()
        texts(data)
        assert time.process_time() - began < 10

    @given(
        st.lists(
            st.sampled_from(
                ["<entry>", "</entry>", "<item", "/>", "<!--", "-->", "<![CDATA[", "]]>", "&", "\n",
                 "<?xml encoding='utf-16'?>", "&lt;", "x", '"', "<b a='", "'>", "\x00", "é"]
            ) | st.text(max_size=3)
        ).map("".join)
    )  # fmt: skip
    def test_any_text_is_read_without_exception(self, data: str) -> None:
        for line, _ in texts(data.encode(errors="replace")):
            assert 1 <= line <= data.count("\n") + data.count("\r") + 1


class TestEncodings:
    TITLE = "Képes – 中文"

    @pytest.mark.parametrize(
        ("encoding", "declared"),
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "utf-8"),
            ("utf-16", "UTF-16"),
            ("utf-16-le", "UTF-16"),
            ("utf-16-be", "UTF-16"),
            ("gb18030", "GB18030"),
            ("utf-8", "ISO-8859-1"),
            ("utf-8", "UTF-16"),
            ("utf-8", "nonsense"),
        ],
    )
    def test_encoding_is_detected_or_declared(self, encoding: str, declared: str) -> None:
        data = f"<?xml version='1.0' encoding='{declared}'?>\n<entry>{self.TITLE}</entry>"
        assert texts(data.encode(encoding)) == [(2, self.TITLE)]

    @pytest.mark.parametrize(
        "declared", ["ISO-8859-1", "UTF-8", "us-ascii", "idna", "zip", "x" * 40]
    )
    def test_undeclared_encoding_falls_back_to_windows_1252(self, declared: str) -> None:
        data = f"<?xml version='1.0' encoding='{declared}'?><entry>Képes – “q”</entry>"
        assert texts(data.encode("cp1252")) == [(1, "Képes – “q”")]

    def test_damaged_utf_8_is_still_utf_8(self) -> None:
        data = titled("Képes").encode() + b"\n<entry>bad \xff byte</entry>\n" + titled("ő").encode()
        assert texts(data) == [(1, "Képes"), (2, "bad \ufffd byte"), (3, "ő")]

    def test_line_ends_are_normalized(self) -> None:
        data = "<feed>\r\n<entry>a</entry>\r<entry>b</entry>\n<entry>c</entry></feed>"
        assert [line for line, _ in texts(data)] == [2, 3, 4]

    def test_mojibake_is_repaired(self) -> None:
        wrong = titled("Ramírez – ß").encode().decode("cp1252", "ignore")
        assert texts(wrong) == [(1, "Ramírez – ß")]
        assert texts("<entry>Ã is a letter, é too</entry>") == [(1, "Ã is a letter, é too")]


class TestRoots:
    @pytest.mark.parametrize(
        ("head", "name"),
        [
            ("<feed>", "feed"),
            ("\ufeff\n<?xml version='1.0'?>\n<!-- <a> --><rdf:RDF x='1'>", "RDF"),
            ("<!DOCTYPE x [<!ENTITY a '>'>]>\n<collection>", "collection"),
            ("<!DOCTYPE PubmedArticleSet PUBLIC 'a' 'b'>\n<PubmedArticleSet>", "PubmedArticleSet"),
            ("title,year", ""),
            ("", ""),
            ("<?a?>" * 20_000, ""),
            ("<!DOCTYPE [ ] " * 5_000, ""),
        ],
    )  # fmt: skip
    def test_root_name_returns_first_element(self, head: str, name: str) -> None:
        assert root_name(head) == name


def in_every_format() -> Iterator[tuple[str, str, str, str]]:
    """Yield each format with the text before, around and after its titles."""
    yield "arxiv", "<feed>", "<entry><title>{}</title></entry>", "</feed>"
    article = (
        "<MedlineCitation><Article><ArticleTitle>{}</ArticleTitle></Article></MedlineCitation>"
    )
    yield "pubmed", "<s>", f"<PubmedArticle>{article}</PubmedArticle>", "</s>"
    yield (
        "acl",
        "<collection><volume>",
        "<paper><title>{}</title></paper>",
        "</volume></collection>",
    )


@pytest.mark.parametrize(("format", "before", "about", "after"), list(in_every_format()))
class TestEveryFormat:
    def test_entry_without_title_is_skipped_with_its_line(
        self, format: str, before: str, about: str, after: str
    ) -> None:
        data = "\n".join([before, about.format("A"), about.format(" "), about.format("B"), after])
        one, none, two = entries(format, data)
        assert none == Skipped(3, "no title; give the entry one")
        assert isinstance(one, ParsedPaper)
        assert isinstance(two, ParsedPaper)
        assert [(e.paper.title, e.position, e.line) for e in (one, two)] == [
            ("A", 1, 2),
            ("B", 2, 4),
        ]

    def test_title_alone_makes_a_paper(
        self, format: str, before: str, about: str, after: str
    ) -> None:
        (paper,) = papers(format, before + about.format("A <i>b</i>\n  c") + after)
        assert paper.title == "A b c"
        assert (paper.authors, paper.abstract, paper.year, paper.url) == ((), "", None, "")

    @given(data=st.data())
    def test_malformed_value_affects_no_other(
        self, format: str, before: str, about: str, after: str, data: st.DataObject
    ) -> None:
        names = (
            "title author first Author Year PubDate Abstract AbstractText link category id PMID"
            " meta year month url Journal"
        ).split()
        pieces = st.sampled_from(names).map("<{0}>2020</{0}>".format)
        odd = "".join(data.draw(st.lists(pieces | st.sampled_from(["<b>", "</b>", "&x;", "é"]))))
        read = entries(format, before + about.format(odd) + about.format("Z") + after)
        assert isinstance(read[-1], ParsedPaper)
        assert read[-1].paper.title == "Z"
