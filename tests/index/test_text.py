"""Text: decoding, cleaning and folding."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.cleaning import MAX_COMBINING_MARKS, MAX_FIELD_CHARS, clean, one_line
from index.text.encodings import decode
from index.text.folding import fold

HOSTILE = ["\x1b", "[", "]0;", "31m", "\x07", "\x9b", "\x9d", "\x90", "\x9c", "\x1b\\", "\x00",
           "\x08", "\x7f", "\r", "\n", "\t", "\x85", "\u2028", "\u202e", "\u2066", "\u200b",
           "\ufeff",
           "\u0301", "\u0344", "\u0e47", "\u0489", "\u05bf", "\ud800", "\U000e0041", "\ufe0f",
           "a", "é", "中", " ", "\u1100", "\u3099"]  # fmt: skip
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=40).map("".join)
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class TestDecoding:
    @pytest.mark.parametrize(
        ("data", "text"),
        [
            ("Képes".encode(), "Képes"),
            (codecs.BOM_UTF8 + "Képes".encode(), "Képes"),
            (codecs.BOM_UTF16_LE + "Képes 中".encode("utf-16-le"), "Képes 中"),
            (codecs.BOM_UTF16_BE + "Képes 中".encode("utf-16-be"), "Képes 中"),
            (codecs.BOM_UTF32_LE + "Képes".encode("utf-32-le"), "Képes"),
            (codecs.BOM_UTF32_BE + "Képes".encode("utf-32-be"), "Képes"),
            ("Képes said “yes”\n".encode("cp1252"), "Képes said “yes”\n"),
            ("naïve café\n".encode("cp1252"), "naïve café\n"),
            (b"", ""),
        ],
        ids=["UTF-8", "BOM", "UTF-16 LE", "UTF-16 BE", "UTF-32 LE", "UTF-32 BE", "cp1252",
             "cp1252 at its end", "nothing"],
    )  # fmt: skip
    def test_decode_detects_encoding(self, data: bytes, text: str) -> None:
        assert decode(data) == text

    def test_decode_truncated_character_uses_utf8(self) -> None:
        data = "déjà vu 中".encode()
        for cut in (1, 2):
            assert decode(data[:-cut]) == "déjà vu \ufffd"

    def test_decode_invalid_byte_uses_utf8(self) -> None:
        text = decode("déjà ".encode() + b"\xff" + b" vu et la suite")
        assert text == "déjà \ufffd vu et la suite"

    @given(st.binary())
    def test_decode_any_bytes_returns_text(self, data: bytes) -> None:
        assert isinstance(decode(data), str)

    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\ufffe\x00")))
    def test_decode_utf8_returns_original_text(self, text: str) -> None:
        assert decode(text.encode()) == text


class TestCleaning:
    @pytest.mark.parametrize(
        ("dirty", "tidy"),
        [
            ("a\x1b[31mred\x1b[0m", "ared"),
            ("a\x9b2Jb", "ab"),
            ("a\x1b]0;title\x07b", "ab"),
            ("a\x1b]8;;https://x.org\x1b\\link\x1b]8;;\x1b\\", "alink"),
            ("a\x9d0;title\x9cb", "ab"),
            ("a\x1bPq#0\x1b\\b", "ab"),
            ("a\x1bcb", "ab"),
            ("user\u202eexe.pdf", "userexe.pdf"),
            ("zero\u200bwidth\ufeff", "zerowidth"),
            ("soft\u00adhyphen", "softhyphen"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("ශ\u200dරී", "ශ\u200dරී"),
            ("ന്\u200d 1", "ന്\u200d 1"),
            ("👩\u200d🔬 and 🏳\ufe0f\u200d🌈", "👩\u200d🔬 and 🏳\u200d🌈"),
            ("foo\u200dbar \u200c x", "foobar x"),
            ("می\u200c\u200dخواهم\u200c", "می\u200cخواهم"),
            ("tag\U000e0041", "tag"),
            ("lone\ud800", "lone"),
            (" a \t\r\n b\u2028c\x85d\u00a0e ", "a b c d e"),
            ("e\u0301", "é"),
        ],
    )
    def test_clean_removes_terminal_controls(self, dirty: str, tidy: str) -> None:
        assert clean(dirty) == tidy

    @pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0e49", "\u064b", "\u20dd", "\u05bf"])
    def test_clean_limits_combining_marks(self, mark: str) -> None:
        cut = clean("Z" + mark * 1000 + "algo")
        assert unicodedata.normalize("NFD", cut).startswith("Z")
        assert cut.endswith("algo")
        assert len(cut) <= 5 + MAX_COMBINING_MARKS

    @pytest.mark.parametrize(
        "text", ["Việt Nam", "שָׁלוֹם", "हिन्दी", "ภาษาไทย", "中文", "🤖 — “x” … ≤ ×"]
    )
    def test_clean_preserves_letters_of_all_scripts(self, text: str) -> None:
        assert clean(text) == unicodedata.normalize("NFC", text)

    def test_clean_with_lines_preserves_newlines(self) -> None:
        assert clean("\n one  two \r\n\r\nthree\x1b[2J\n", lines=True) == " one  two\n\nthree"

    def test_clean_long_text_is_cut(self) -> None:
        assert len(clean("x" * (3 * MAX_FIELD_CHARS))) == MAX_FIELD_CHARS

    @given(hostile, st.booleans())
    def test_clean_any_text_has_no_controls(self, text: str, lines: bool) -> None:
        cleaned = clean(text, lines=lines)
        allowed = "\n\t" if lines else ""
        assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in allowed]
        assert not BIDI & set(cleaned)
        cleaned.encode()  # no lone surrogate

    @given(hostile, st.booleans())
    def test_clean_is_idempotent(self, text: str, lines: bool) -> None:
        assert clean(clean(text, lines=lines), lines=lines) == clean(text, lines=lines)

    @given(hostile)
    def test_clean_any_text_limits_combining_marks(self, text: str) -> None:
        run = 0
        for character in clean(text):
            run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
            assert run <= MAX_COMBINING_MARKS

    @given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
    def test_clean_plain_text_collapses_only_spaces(self, text: str) -> None:
        assert clean(text) == " ".join(text.split())


class TestFolding:
    @pytest.mark.parametrize(
        "spelling",
        ["Kepes", "kepes", "KEPES", "Képes", "Ke\u0301pes", r"K\'epes", r"K\'{e}pes", r"K{\'e}pes"],
    )
    def test_fold_spellings_of_name_are_equal(self, spelling: str) -> None:
        assert fold(spelling) == "kepes"

    @pytest.mark.parametrize(
        "spelling",
        ["Schrodinger", "Schrödinger", 'Schr"odinger', r"Schr\"odinger", r"Schr\"{o}dinger",
         r"Schr{\"o}dinger", r"Schr{\"{o}}dinger"],
    )  # fmt: skip
    def test_fold_spellings_of_umlaut_are_equal(self, spelling: str) -> None:
        assert fold(spelling) == "schrodinger"

    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            (r"\v{S}koda", "skoda"), (r"Fran\c{c}ois", "francois"), (r"na{\"\i}ve", "naive"),
            (r"\O{}stergaard", "ostergaard"), ("Østergaard", "ostergaard"),
            (r"Stra\ss e", "strasse"),
            ("Straße", "strasse"), (r"\L{}ukasz", "lukasz"), ("Łukasz", "lukasz"),
            (r"\AA ngstr\"om", "angstrom"), ("Ångström", "angstrom"), ("ﬁne", "fine"),
            ("don’t", "don't"), ("pre‑training", "pre-training"), ("Ｗｉｄｅ", "wide"),
            ('the "old" way', 'the "old" way'), ("中文", "中文"),
        ],
    )  # fmt: skip
    def test_fold_special_letters_become_ascii(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    @given(st.text())
    def test_fold_any_text_is_lower_case_without_accents(self, text: str) -> None:
        folded = fold(text)
        assert not any(unicodedata.combining(c) for c in unicodedata.normalize("NFC", folded)[:1])
        if text.isascii() and "\\" not in text and '"' not in text:
            assert folded == text.lower()


class TestOneLine:
    @given(st.text(), st.integers(1, 100))
    def test_one_line_any_text_fits_width(self, text: str, width: int) -> None:
        line = one_line(text, width)
        assert len(line.splitlines()) <= 1
        assert len(line) <= width

    def test_one_line_long_text_ends_in_ellipsis(self) -> None:
        assert one_line("a long\nmessage", 7) == "a long…"
