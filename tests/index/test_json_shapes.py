"""JSON of scripts and of services without a format of their own."""

import json

import pytest

from tests.index.reading import detected, entries, paper, papers


class TestServices:
    def test_dblp_response_is_read(self) -> None:
        authors = {"author": [{"@pid": "1", "text": "Ada Lovelace"}, {"text": "Wei Wang 0001"}]}
        info = {"title": "A desk.", "authors": authors, "venue": "CHI", "year": "2017"}
        hits = {"@total": "1", "hit": [{"@id": "1", "info": info}]}
        read = paper("json", json.dumps({"result": {"hits": hits}}))
        assert (read.title, read.venue, read.year) == ("A desk", "CHI", 2017)
        assert read.authors == ("Ada Lovelace", "Wei Wang")

    def test_openreview_notes_are_read(self) -> None:
        content = {
            "title": {"value": "A desk"},
            "authors": {"value": ["Ada Lovelace"]},
            "abstract": {"value": "We sit."},
            "venue": {"value": "ICLR 2022 Poster"},
        }
        read = paper("json", json.dumps({"notes": [{"id": "nZ", "content": content}], "count": 1}))
        assert (read.id, read.title, read.venue) == ("nZ", "A desk", "ICLR 2022 Poster")
        assert (read.authors, read.abstract) == (("Ada Lovelace",), "We sit.")

    def test_papers_with_code_is_read(self) -> None:
        one = {"id": "a-desk", "arxiv_id": None, "url_abs": "http://arxiv.org/abs/1706.03762v5",
               "title": "A desk", "authors": ["A B"], "published": "2017-06-12"}  # fmt: skip
        read = paper("json", json.dumps({"count": 1, "results": [one]}))
        assert (read.id, read.arxiv_id, read.date) == ("a-desk", "1706.03762", "2017-06-12")

    def test_flat_daily_papers_data_set_has_votes(self) -> None:
        line = {"date": "2024-05-06", "arxiv_id": "2405.01535", "title": "A desk", "upvotes": 7,
                "github": "https://github.com/a/b", "abstract": "We sit."}  # fmt: skip
        (read,) = papers(detected(json.dumps(line)), json.dumps(line))
        assert (read.arxiv_id, read.date, read.votes) == ("2405.01535", "2024-05-06", 7)
        assert (read.abstract, read.code) == ("We sit.", ("https://github.com/a/b",))

    def test_page_of_content_is_no_paper(self) -> None:
        page = {"content": [{"title": "A"}, {"title": "B"}], "page": 0}
        assert [read.title for read in papers("json", json.dumps(page))] == ["A", "B"]


class TestScripts:
    @pytest.mark.parametrize(
        "authors",
        [
            "Ada Lovelace, Charles Babbage",
            "Lovelace, Ada; Babbage, Charles",
            [{"name": "Ada Lovelace"}, {"given": "Charles", "family": "Babbage"}],
            [{"first": "Ada", "last": "Lovelace"}, "Charles Babbage", 5],
        ],
    )
    def test_author_lists_of_any_shape_are_read(self, authors: object) -> None:
        read = paper("jsonl", json.dumps({"title": "A", "authors": authors}))
        assert read.authors == ("Ada Lovelace", "Charles Babbage")

    @pytest.mark.parametrize("value", [None, 5, [5], {"a": {}}, "", [[]], True])
    def test_values_of_wrong_type_count_as_missing(self, value: object) -> None:
        names = ("authors", "published", "venue", "id", "url", "votes", "keywords", "content")
        (read,) = entries("json", json.dumps([{"title": "A", **dict.fromkeys(names, value)}]))
        assert not getattr(read, "reason", "")
