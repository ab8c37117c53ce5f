"""BibTeX and BibLaTeX from real programs: entries, broken entries and fields."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.formats import bibtex, detect
from index.formats.bib.names import names
from index.papers.citation import NO_CITATION
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from index.text.latex.decoding import plain


def read(file: str | bytes) -> list[ParsedPaper | Skipped]:
    data = file.encode() if isinstance(file, str) else file
    return list(bibtex.read(io.BytesIO(data), Origin("file.bib")))


def papers(file: str | bytes) -> list[Paper]:
    return [item.paper for item in read(file) if isinstance(item, ParsedPaper)]


def skipped(file: str | bytes) -> list[tuple[int, str]]:
    return [(item.line, item.reason) for item in read(file) if isinstance(item, Skipped)]


def uncited(paper: Paper) -> Paper:
    """Return a paper without its type, the parts of its names and its citation."""
    return replace(paper, type="", names=(), citation=NO_CITATION)


def one(fields: str, kind: str = "article") -> Paper:
    (paper,) = papers(f"@{kind}{{key, title = {{T}},\n{fields}\n}}\n")
    return paper


class TestEntries:
    def test_entry_gives_all_fields(self) -> None:
        (item,) = read(
            "% a file\n\n@InProceedings{vaswani-2017,\n"
            "  title = {Attention Is {All} You Need},\n"
            '  author = "Vaswani, Ashish and Noam Shazeer and others",\n'
            "  booktitle = {{NeurIPS}}, year = 2017, month = jun,\n"
            "  doi = {https://doi.org/10.5555/3295222}, url = {https://x.org/a\\_b},\n"
            "  eprint = {1706.03762v5}, archivePrefix = {arXiv}, primaryClass = {cs.CL},\n"
            "  keywords = {attention, sequence models}, abstract = {We propose\n  50\\% more.},\n"
            "}\n"
        )
        assert isinstance(item, ParsedPaper)
        assert (item.line, item.position) == (3, 1)
        assert uncited(item.paper) == build_paper(
            id="vaswani-2017", title="Attention Is All You Need",
            authors=["Ashish Vaswani", "Noam Shazeer"], et_al=True, venue="NeurIPS", year=2017,
            date="2017-06", doi="10.5555/3295222", url="https://x.org/a_b", arxiv_id="1706.03762",
            categories=["cs.CL"], keywords=["attention", "sequence models"],
            abstract="We propose 50% more.",
        )  # fmt: skip

    def test_macros_are_expanded_and_joined(self) -> None:
        file = (
            '@string{acl = "Annual Meeting"}\n@STRING(of = { of the ACL})\n'
            "@inproceedings{a, title = {A}, booktitle = ACL # of # {, 2020}, month = jan # {~5}}\n"
        )
        (paper,) = papers(file + "@article{b, title = {B}, journal = unknown}")[:1]
        assert paper.venue == "Annual Meeting of the ACL, 2020"
        assert paper.date is None
        assert papers(file + "@article{b, title = {B}, journal = unknown}")[1].venue == "unknown"

    def test_growing_macros_need_bounded_memory(self) -> None:
        grow = "@string{a = a # a # a # a}\n" * 50
        (paper,) = papers('@string{a = "xxxxxxxxxx"}\n' + grow + "@misc{k, title = {T}, note = a}")
        assert paper.title == "T"

    @pytest.mark.parametrize(
        "file",
        [
            "@article(a, title = {One (and) two}, year = 1999)\n@article{b, title = {Two}}",
            "@article{a, title={One (and) two}, year={1999}} junk @article{b, title = {Two}}",
            "@article\n{a, title = {One (and) two}\n, year = 1999\n}\n@article{b, title = {Two}}",
            "@article{a,\r\n title = {One (and) two},\r\n year = 1999}\r\n@article{b,title={Two}}",
            "@article{a, title = {One (and) two} , year = 1999 ,}\n@article{b, title = {Two}}",
            "@article{a,\n % a comment\n title = {One (and) two},\n % doi = {1},\n year = 1999}\n"
            "% @article{c, title = {Not this}}\nme@home.org {}\n@article{b, title = {Two}}",
            "@article{a, title = {One (and) two}\n year = {1999}\n}\n@article{b, title = {Two}}",
            "@article{a, title = {One (and) two}, year = 1999}@comment{@article{c, title = {No}}}\n"
            "@article{b, title = {Two}}",
        ],
    )
    def test_entries_in_any_layout_are_found(self, file: str) -> None:
        first, second = papers(file)
        assert (first.title, first.year, second.title) == ("One (and) two", 1999, "Two")

    def test_unusual_and_missing_keys_are_read(self) -> None:
        found = papers("@misc{a b/c:d, title={A}}@misc{, title={B}}@misc{é+1, title={C}}")
        assert [paper.id for paper in found] == ["a-b/c:d", "", "é+1"]

    def test_entries_with_duplicate_key_are_both_read(
        self, library: Library, tmp_path: Path
    ) -> None:
        file = tmp_path / "a.bib"
        file.write_text("@misc{k, title={First thing}}\n@misc{k, title={Second matter}}\n")
        assert library.import_paths([file]).total("added") == 2
        assert library.keys(["k", "k-2"])

    def test_repeated_field_uses_first_and_keywords_are_merged(self) -> None:
        paper = one("year = 1999, year = 2001, keywords = {a}, keywords = {b}")
        assert (paper.year, paper.keywords) == (1999, ("a", "b"))

    def test_at_sign_in_value_begins_no_entry(self) -> None:
        paper = one("abstract = {LeQua @ {CLEF}\n@ home, mail\n  @param{x} here}, year = 2020")
        assert paper.abstract == "LeQua @ CLEF @ home, mail @paramx here"
        assert paper.year == 2020


class TestBrokenEntries:
    GOOD = "@article{good, title = {Good}, year = 2000}\n"

    @pytest.mark.parametrize(
        "broken",
        [
            "@article{bad,\n  title = {No end,\n  year = {2000}\n}\n\n",
            "@article{bad,\n  title = {No end},\n  year = {2000},\n\n",
            '@article{bad,\n  title = "No end,\n  year = {2000}\n}\n\n',
            "@article{bad,\n  title {No sign}\n}\n",
            "@article{bad,\n  year = 2000\n}\n",
            "@article{bad}\n",
        ],
    )
    def test_broken_entry_is_reported_with_its_line(self, broken: str) -> None:
        file = self.GOOD + "\n" + broken + self.GOOD
        assert [paper.title for paper in papers(file)] == ["Good", "Good"]
        assert [line for line, _ in skipped(file)] == [3]

    def test_entry_without_title_is_skipped(self) -> None:
        assert skipped("@misc{a, title = {}, year = 1}\n@set{b, entryset = {c,d}}") == [
            (1, "no title; give the entry one"),
            (2, "no title; give the entry one"),
        ]

    def test_unclosed_comment_hides_no_entries(self) -> None:
        file = "@comment{ open\n" + self.GOOD
        assert len(papers(file)) == 1

    def test_overlong_entry_is_skipped(self) -> None:
        file = "@misc{a, title = {" + "x" * 4_100_000 + "}}\n" + self.GOOD
        assert [reason for _, reason in skipped(file)] == ["longer than 4 MB"]
        assert len(papers(file)) == 1

    @pytest.mark.parametrize(
        "piece",
        [
            "{",
            "}",
            "@article{",
            "@a{b,",
            '"',
            "\\",
            "$",
            "@comment{",
            "#",
            "a={",
            '={"',
            "(",
            "\n@",
        ],
    )
    def test_repeated_character_is_read_in_linear_time(self, piece: str) -> None:
        many = piece * (100_000 // len(piece))
        read(many)
        read("@article{a, title = {" + many)
        read("@article{a, title = {" + many + "}}")

    @given(
        st.lists(
            st.sampled_from(
                [
                    "@article{a,",
                    "@string{s=",
                    "@comment{",
                    "title",
                    "=",
                    "{",
                    "}",
                    '"',
                    ",",
                    "#",
                    "\n",
                    " ",
                    "\\",
                    "$",
                    "a",
                    "2000",
                    "(",
                    ")",
                    "%",
                    "and",
                    "s",
                    "author",
                    "crossref",
                    "a}",
                    "é",
                    "\x00",
                    "jabref-meta: grouping:0 A:",
                ]
            )
            | st.text(max_size=3),
            max_size=40,
        ).map("".join)
    )
    def test_any_text_is_read_without_exception(self, file: str) -> None:
        for item in read(file.encode("utf-8", "replace")):
            assert item.line >= 1

    @pytest.mark.parametrize(
        "end", ["@article", "@article{", "@article{a,", "@article{a, title = {T"]
    )
    def test_truncated_file_is_read(self, end: str) -> None:
        assert len(papers(self.GOOD + end)) == 1

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_without_exception(self, data: bytes) -> None:
        read(data)
        read(b"@article{a, title = {" + data + b"}}")


class TestEncodings:
    FILE = "@article{a, title = {Käse für Ålesund}, author = {Å. Ü}}\n"

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
    )
    def test_encodings_are_read(self, encoding: str) -> None:
        data = self.FILE.encode(encoding)
        (paper,) = papers(data)
        assert (paper.title, paper.authors) == ("Käse für Ålesund", ("Å. Ü",))
        form = detect(data, "file")
        assert form
        assert form.name == "bibtex"

    def test_each_entry_of_mixed_file_is_decoded_separately(self) -> None:
        data = self.FILE.encode() + self.FILE.encode("latin-1")
        assert {paper.title for paper in papers(data)} == {"Käse für Ålesund"}


class TestLatex:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            (r"M{\"u}ller, \'{\i}, {\c{C}}, \c c, \v{s}, D{\i}n, \aa lborg, {\ss}, {\L}",
             "Müller, í, Ç, ç, š, Dın, ålborg, ß, Ł"),
            (r"\textit{in vivo} and {\em so \textbf{on}}", "in vivo and so on"),
            (r"R\&D at 50\% \_ \$5 C\# {\_}", "R&D at 50% _ $5 C# _"),
            (r"``one'' -- two --- 3~km \ldots", "“one” – two — 3 km …"),
            (r"{BERT}: {{Pre-training}} of {D}eep", "BERT: Pre-training of Deep"),
            (r"$k$-means in $O(n \log n)$", r"$k$-means in $O(n \log n)$"),
            (r"Cu$_2$O, 10$^{-3}$, \textsubscript{2}, 5\({}^{\mbox{th}}\), 90$^\circ$",
             "Cu₂O, 10⁻³, ₂, 5th, 90°"),
            (r"from $5 to $10", "from $5 to $10"),
            (r"a\textendash b {\textquotedblleft}c{\textquotedblright} \texttimes",
             "a–b “c” ×"),
            (r"see \url{http://a.org/b_c} and \href{http://x.org}{here}",
             "see http://a.org/b_c and here"),
            (r"\OURS: a system, \foo{bar} \LaTeX{}", "OURS: a system, bar LaTeX"),
            (r"H<sub>2</sub>O is <i>wet</i> &amp; {\&}lt; 4<br/>", "H₂O is wet & < 4"),
            (r"{\textbackslash}ours, \{a\}, \~{}x", r"\ours, {a}, ~x"),
            ("The -dash and `tick'", "The -dash and `tick'"),
        ],
    )  # fmt: skip
    def test_latex_becomes_text(self, source: str, shown: str) -> None:
        assert clean(plain(source)) == shown

    @given(st.text(alphabet="\\{}$~&<>^_%'`\"-abcuvH1 \n", max_size=60))
    def test_any_latex_is_read_without_exception(self, source: str) -> None:
        plain(source)


class TestNames:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("Ada Lovelace", ["Ada Lovelace"]),
            ("Lovelace, Ada and Babbage, Charles", ["Ada Lovelace", "Charles Babbage"]),
            ("de la Fontaine, Jean AND van Beethoven, Ludwig",
             ["Jean de la Fontaine", "Ludwig van Beethoven"]),
            ("King, Jr., Martin Luther", ["Martin Luther King, Jr."]),
            ("Hyman, Jr", ["Hyman, Jr"]),
            ("{Google Research} and {Barnes and Noble, Inc.}",
             ["Google Research", "Barnes and Noble, Inc."]),
            (r"V{\'a}squez-Sancho, {Fabi{\'a}n} and Morko{\c c}, H.",
             ["Fabián Vásquez-Sancho", "H. Morkoç"]),
            ("Goldman, Omer  and\n   Guriel, David", ["Omer Goldman", "David Guriel"]),
            ("{W.M.P. van der} Aalst", ["W.M.P. van der Aalst"]),
            ("Favre-Nicolin, V.", ["V. Favre-Nicolin"]),
            ("Guzenko, V., A.", ["V. A. Guzenko"]),
            ("B Balakrisnan , S Patil and E Smela", ["B Balakrisnan", "S Patil", "E Smela"]),
            ("Hen Dotan, Nripan Mathews, Takashi Hisatomi, M{\\\"u} Xi",
             ["Hen Dotan", "Nripan Mathews", "Takashi Hisatomi", "Mü Xi"]),
            ("family=Simon, given=Hans, prefix=de", ["Hans de Simon"]),
            ("J.~R.~R. Tolkien", ["J. R. R. Tolkien"]),
            ("{东方不败} and 王伟", ["东方不败", "王伟"]),
            ("", []),
        ],
    )  # fmt: skip
    def test_names_are_in_natural_order(self, source: str, shown: list[str]) -> None:
        found, more = names(source)
        assert ([str(name) for name in found], more) == (shown, False)

    @pytest.mark.parametrize("more", ["others", "Others", "et al.", "{others}"])
    def test_others_sets_et_al(self, more: str) -> None:
        found, et_al = names(f"Ada Lovelace and {more}")
        assert ([str(name) for name in found], et_al) == (
            (["Ada Lovelace"], True) if more[0] != "{" else (["Ada Lovelace", "others"], False)
        )

    def test_editors_are_no_authors(self) -> None:
        paper = one("editor = {Roe, Jane}")
        assert paper.authors == ()
        assert paper.citation.names("editor") == (Name("Roe", "Jane"),)


class TestDates:
    @pytest.mark.parametrize(
        ("fields", "year", "date"),
        [
            ("year = 2017", 2017, None),
            ("year = {2017}, month = jul", 2017, "2017-07"),
            ("year = {2017}, month = {July}", 2017, "2017-07"),
            ("year = {2017}, month = 7", 2017, "2017-07"),
            ("year = {2006}, month = {8,}", 2006, "2006-08"),
            ('year = {2017}, month = jan # "~1"', 2017, "2017-01-01"),
            ("year = {2017}, month = {12 Okt.}", 2017, "2017-10-12"),
            ("year = {2017}, month = {May 4-8}", 2017, "2017-05"),
            ("year = {2017}, month = {June/July}", 2017, "2017-06"),
            ("year = {2017}, month = sep, day = 3", 2017, "2017-09-03"),
            ("year = {c. 1850a}", 1850, None),
            ("year = {to appear}", None, None),
            ("date = {2004-07}", 2004, "2004-07"),
            ("date = {2016-07-18T20:26:06+02:00}", 2016, "2016-07-18"),
            ("date = {2005/2007}", 2005, None),
            ("date = {/2004-11}", 2004, "2004-11"),
            ("date = {1997~}", 1997, None),
            ("date = {2004-06?}", 2004, "2004-06"),
            ("date = {2004-21}", 2004, None),
            ("date = {199u}", None, None),
            ("date = {y-51234}", None, None),
        ],
    )
    def test_dates_of_any_style_are_read(
        self, fields: str, year: int | None, date: str | None
    ) -> None:
        paper = one(fields)
        assert (paper.year, paper.date) == (year, date)


class TestWhereItAppeared:
    @pytest.mark.parametrize(
        ("kind", "fields", "venue"),
        [
            ("article", "journaltitle = {Nature}, publisher = {NPG}", "Nature"),
            ("inproceedings", "booktitle = {Proc. X}, journal = {LNCS}", "Proc. X"),
            ("inproceedings", "publisher = {ACM}", ""),
            ("phdthesis", "school = {MIT}", "PhD thesis, MIT"),
            ("thesis", "type = {mathesis}, institution = {ETH}", "Master's thesis, ETH"),
            ("techreport", "institution = {Bell Labs}", "Technical report, Bell Labs"),
            ("book", "publisher = {{MIT} Press}", "MIT Press"),
            ("misc", r"howpublished = {\url{https://x.org}}", ""),
            ("article", "journal = {arXiv preprint arXiv:1706.03762}", "arXiv"),
            ("article", "journal = {CoRR}, volume = {abs/1706.03762}", "arXiv"),
        ],
    )
    def test_venue_comes_from_fields_of_entry_type(
        self, kind: str, fields: str, venue: str
    ) -> None:
        assert one(fields, kind).venue == venue

    @pytest.mark.parametrize(
        "fields",
        [
            "eprint = {1706.03762}, archivePrefix = {arXiv}",
            "eprint = {arXiv:1706.03762v2 [cs.CL]}, eprinttype = {arxiv}",
            "eprint = {1706.03762}",
            "arxivid = {1706.03762}",
            "journal = {arXiv preprint arXiv:1706.03762}",
            "journal = {CoRR, abs/1706.03762}",
            "journal = {CoRR}, volume = {abs/1706.03762}",
            "note = {arXiv:1706.03762}",
            "url = {http://arxiv.org/abs/1706.03762}",
            r"howpublished = {\url{https://arxiv.org/pdf/1706.03762.pdf}}",
            "doi = {10.48550/arXiv.1706.03762}",
        ],
    )
    def test_arxiv_id_is_found_in_any_field(self, fields: str) -> None:
        assert one(fields).arxiv_id == "1706.03762"

    def test_eprint_of_other_archive_is_no_arxiv_id(self) -> None:
        assert not one("eprint = {1234.5678}, eprinttype = {hdl}").arxiv_id

    def test_links_and_dois_are_read(self) -> None:
        paper = one(r"url = {https://doi.org/10.1000/a\_b}, howpublished = {\url{www.x.org/~me}},"
                    "\nnote = {See {https://y.org/q}.}")  # fmt: skip
        assert paper.doi == "10.1000/a_b"
        assert paper.url == "https://doi.org/10.1000/a_b"
        assert paper.urls == ("https://y.org/q",)
        assert not one("url = {file:///etc/passwd}, file = {a.pdf}").url

    def test_child_inherits_fields_of_parent(self) -> None:
        child, parent = papers(
            "@inproceedings{c, title = {Child}, author = {A B}, crossref = {P}}\n"
            "@proceedings{p, title = {The Book}, year = 2001, doi = {10.1000/p}, editor = {E F}}\n"
        )
        assert (child.venue, child.year, child.doi) == ("The Book", 2001, "")
        assert child.authors == ("A B",)
        assert parent.title == "The Book"

    def test_xdata_is_no_paper_and_cycles_end(self) -> None:
        file = (
            "@xdata{x, year = 1999, xdata = {x}}\n@misc{a, title = {A}, xdata = {x}, crossref={a}}"
        )
        (paper,) = papers(file)
        assert paper.year == 1999
        assert not skipped(file)


class TestWhatTheReaderAdded:
    def test_groups_of_other_programs_become_tags(self) -> None:
        assert one("groups = {RAG, To read}").tags == ("RAG", "To-read")
        assert one("mendeley-groups = {NLP/RAG,x}").tags == ("NLP/RAG", "x")
        paper = one("keywords = {a,b}, mendeley-tags = {b}")
        assert (paper.tags, paper.keywords) == (("b",), ("a",))

    def test_group_tree_gives_nested_tags(self) -> None:
        (paper,) = papers(
            "@misc{k, title = {T}, groups = {RAG}}\n"
            "@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n"
            "1 StaticGroup:LLM\\;0\\;1\\;\\;\\;\\;;\n2 StaticGroup:RAG\\;0\\;1\\;\\;\\;\\;;\n}\n"
        )
        assert paper.tags == ("LLM/RAG",)

    def test_groups_with_keys_tag_their_entries(self) -> None:
        first, second = papers(
            "@misc{Doe_2000, title = {T}}\n@misc{b, title = {U}}\n"
            "@comment{jabref-meta: groupstree:\n0 AllEntriesGroup:;\n"
            "1 ExplicitGroup:Old ones\\;0\\;Doe_20\n00\\;x\\;;\n"
            "1 KeywordGroup:Now\\;0\\;keywords\\;b\\;0\\;0\\;;\n}\n"
        )
        assert (first.tags, second.tags) == (("Old-ones",), ())

    def test_note_comes_from_annotation_fields(self) -> None:
        assert one("annote = {Read {\\'a} nouveau}, note = {To appear}").note == "Read á nouveau"
        assert one("comment = {one}, annotation = {two}").note == "two\n\none"
        assert one("note = {To appear}").note == ""

    def test_read_status_is_imported(self) -> None:
        assert one("readstatus = {read}").read
        assert not one("readstatus = {skimmed}").read

    def test_keywords_are_split_outside_braces(self) -> None:
        assert one("keywords = {a, {b, c}, d \\& e}").keywords == ("a", "b, c", "d & e")
        assert one("keyword = {a, b; c}").keywords == ("a, b", "c")


class TestRecognition:
    @pytest.mark.parametrize(
        "head",
        [
            "@article{a,\n title = {T}}",
            "\n\n" + "% a long header\n" * 2000 + "@Book{k, year = 2000}",
            "@comment{jabref-meta: x}\n",
            "@string{a = {b}}",
            "@inproceedings(a, title = {T})",
            "@inproceedings{\nzhang2018learning,\ntitle={Learning}}",
            "Junk.\n@misc{,\n  title={T}}",
        ],
    )
    def test_bibtex_is_recognised(self, head: str) -> None:
        assert bibtex.recognise(head)

    @pytest.mark.parametrize(
        "head",
        [
            "@dataclass(frozen=True)\nclass A:\n    b: int\n",
            "@pytest.mark.parametrize('a', [1])\n",
            "# Notes\n\nask @jane {about it}, a = b\n",
            "# Cite\n\n```bibtex\n@article{a,\n title = {T}}\n```\n",
            "@media (max-width: 1px) { a { color: red } }",
            "@Target({A, B})\n@interface Foo {}",
            "Mail me@home.org\n",
            "",
        ],
    )
    def test_other_texts_are_not_recognised(self, head: str) -> None:
        assert not bibtex.recognise(head)
