"""Text analysis: terms of compounds, names with digits, accents and LaTeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.analysis import GAP, STOP_MARK, is_stop_word, split_words, stem, terms
from index.text.query_terms import query_terms


def stems(text: str) -> list[str]:
    return [term.text for term in terms(text)]


class TestTerms:
    def test_terms_are_stemmed_without_stop_words(self) -> None:
        found = [(term.text, term.position) for term in terms("The models of language")]
        assert found == [("model", 1), ("languag", 3)]

    def test_terms_marked_include_stop_words_in_their_places(self) -> None:
        found = [(term.text, term.position) for term in terms("Models of the world", marked=True)]
        assert found == [
            ("model", 0), (f"{STOP_MARK}of", 1), (f"{STOP_MARK}the", 2), ("world", 3),
        ]  # fmt: skip

    def test_terms_with_stops_include_stop_words(self) -> None:
        found = [term.text for term in terms("The Who", stops=True, stemmed=False)]
        assert found == ["the", "who"]

    def test_terms_compound_yields_parts_and_joined_word(self) -> None:
        found = [(term.text, term.position) for term in terms("pre-training")]
        assert found == [("pretrain", 0), ("pre", 0), ("train", 1)]

    @pytest.mark.parametrize("spelling", ["pre-training", "pre‑training", "Pre-Training"])
    def test_query_terms_compound_spellings_match(self, spelling: str) -> None:
        assert set(stems("pretraining")) <= set(stems(spelling))
        alternatives = query_terms(spelling)
        assert ["pretrain"] in alternatives
        assert ["pre", "train"] in alternatives

    @pytest.mark.parametrize(
        ("name", "alternatives"),
        [
            ("GPT-4", [["gpt4"], ["gpt", "4"]]),
            ("GPT4", [["gpt4"]]),
            ("GPT-3.5", [["gpt3.5"], ["gpt", "3", "5"]]),
            ("1.3B", [["1.3b"], ["1", "3b"], ["1", "3", "b"]]),
            ("C4", [["c4"]]),
            ("T5", [["t5"]]),
            ("S^3c-Math", [["s3cmath"], ["s", "3c", "math"], ["s", "3", "c", "math"]]),
            ("don't", [["dont"], ["don"]]),
            ("C++", [["c++"]]),
            ("C#", [["c#"]]),
            (".NET", [[".net"]]),
            ("PointNet++", [["pointnet++"]]),
            ("2,500,000", [["2500000"], ["2", "500", "000"]]),
            (
                "TGF-β1",
                [["tgfbeta1"], ["tgfb1"], ["tgf", "beta1"], ["tgf", "b1"], ["tgf", "beta", "1"]],
            ),
            ("中文", [["中文"]]),
            ("中文字", [["中文", "文字"]]),
            ("GPT中文", [["gpt", "中文"]]),
            ("中文GPT", [["中文", "gpt"]]),
            ("काम", [["काम"]]),
        ],
    )
    def test_query_terms_names_with_digits_and_signs(
        self, name: str, alternatives: list[list[str]]
    ) -> None:
        assert query_terms(name) == alternatives

    def test_query_terms_different_versions_do_not_match(self) -> None:
        assert "gpt4" not in stems("GPT-3.5 and GPT-2")
        assert "gpt4" in stems("we ask GPT-4 to")
        assert "13b" not in stems("a model of 1.3B parameters")

    @pytest.mark.parametrize(
        "spelling",
        ["Schrödinger", 'Schr"odinger', r"Schr\"odinger", r"Schr\"{o}dinger", "Schrodinger"],
    )
    def test_terms_spellings_of_name_are_equal(self, spelling: str) -> None:
        assert stems(f"the {spelling} bridge") == [stem("schrodinger"), "bridg"]

    @pytest.mark.parametrize("spelling", ["Bayes's", "Bayes’s", "Bayes"])
    def test_terms_possessive_equals_name(self, spelling: str) -> None:
        assert query_terms(spelling) == [["bay"]]

    def test_terms_gap_separates_positions(self) -> None:
        first, second = terms(f"one{GAP}two")
        assert second.position - first.position > 10

    @pytest.mark.parametrize("signs", ["", "!?", "—", "***", "$\\", "^"])
    def test_terms_symbols_only_yields_nothing(self, signs: str) -> None:
        assert query_terms(signs) == []

    @given(st.text())
    def test_terms_any_text_has_ordered_spans_and_positions(self, text: str) -> None:
        last = 0
        for term in terms(text):
            assert 0 <= term.start < term.end <= len(text)
            assert term.position >= last
            assert term.text
            last = term.position

    @given(st.text(st.characters(exclude_characters=GAP), max_size=20))
    def test_query_terms_match_terms_of_same_text(self, text: str) -> None:
        held = {(term.text, term.position) for term in terms(text, marked=True)}
        for run in query_terms(text):
            starts = [place for word, place in held if word == run[0]]
            assert any(all((w, at + i) in held for i, w in enumerate(run)) for at in starts)


class TestStopWords:
    @pytest.mark.parametrize("word", ["the", "The", "of"])
    def test_is_stop_word_function_words_are_true(self, word: str) -> None:
        assert is_stop_word(word)

    @pytest.mark.parametrize("word", ["attention", "all", "need", "neural", "IT5"])
    def test_is_stop_word_other_words_are_false(self, word: str) -> None:
        assert not is_stop_word(word)


def test_stem_words_with_digits_are_unchanged() -> None:
    assert stem("s3cmaths") == "s3cmaths"
    assert stem("models") == stem("model") == stem("modeling") == "model"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "میخواهم"])
def test_terms_of_word_with_joiner_match_it_without(text: str) -> None:
    indexed = [term.text for term in terms("می\u200cخواهم")]
    assert any(set(run) <= set(indexed) for run in query_terms(text))


@pytest.mark.parametrize("text", ["soft\u00adhyphen", "soft\u200bhyphen", "soft\u2060hyphen"])
def test_query_terms_ignore_invisible_characters(text: str) -> None:
    assert query_terms(text) == [["softhyphen"]]


@given(st.text(st.sampled_from("aBé9 .-'’^‐_x{}\u0301\u00ad+,;:()α語")))
def test_split_words_plain_text_equals_general_pattern(text: str) -> None:
    behind = ' "'  # which the faster pattern does not handle
    assert split_words(text) == split_words(text + behind)
