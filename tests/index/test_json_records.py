"""Records of JSON files in any layout, with broken records among them."""

import io
import json
import resource
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.json import read as read_json
from index.formats.records import json_window
from index.formats.records.json_records import records
from index.papers.entries import Origin, ParsedPaper, Skipped
from tests.index.linear import assert_linear

SOME = [{"id": f"p{n}", "title": f"T{n}", "authors": [{"id": "x", "name": "A"}]} for n in range(5)]
LAYOUTS: dict[str, dict[str, object]] = {
    "minified": {"separators": (",", ":")},
    "on one line": {},
    "pretty": {"indent": 2},
    "no indent": {"indent": 0},
}


def titles(data: bytes | str) -> list[object]:
    """The titles of the records in a file, None for what is skipped."""
    data = data if isinstance(data, bytes) else data.encode()
    read = records(io.BytesIO(data))
    return [shape.get("title") if isinstance(shape, dict) else None for _, shape in read]


def reasons(data: str | bytes) -> list[tuple[int, str]]:
    data = data if isinstance(data, bytes) else data.encode()
    read = records(io.BytesIO(data))
    return [(line, shape) for line, shape in read if isinstance(shape, str)]


ALL = [shape["title"] for shape in SOME]


class TestLayouts:
    @pytest.mark.parametrize("layout", LAYOUTS)
    @pytest.mark.parametrize(
        "around",
        [
            SOME,
            {"results": SOME},
            {"meta": {"count": 5, "groups": [{"key": "x"}]}, "results": SOME, "group_by": []},
            {"status": "ok", "message": {"facets": {}, "total": 5, "items": SOME, "n": None}},
            {"data": SOME, "next": 5},
            {"hits": {"total": {"value": 5}, "hits": SOME}},
            {"title": "A list of mine", "papers": SOME},
            {"unknown": SOME},
            {shape["id"]: shape for shape in SOME},
            [{"results": SOME[:2]}, {"results": SOME[2:]}],
            [SOME[:3], SOME[3:]],
        ],
        ids=lambda around: json.dumps(around)[:30],
    )
    def test_records_are_found_at_any_depth(self, layout: str, around: object) -> None:
        assert titles(json.dumps(around, **LAYOUTS[layout])) == ALL  # type: ignore[arg-type]

    @pytest.mark.parametrize("layout", LAYOUTS)
    @pytest.mark.parametrize("between", ["\n", "", "\r\n\r\n", ",\n", "\x00\n\ufeff"])
    def test_objects_in_sequence_are_read(self, layout: str, between: str) -> None:
        each = [json.dumps(shape, **LAYOUTS[layout]) for shape in SOME]  # type: ignore[arg-type]
        assert titles(between.join(each)) == ALL

    def test_responses_in_sequence_are_read(self) -> None:
        pages = [json.dumps({"results": SOME[:2]}), json.dumps({"results": SOME[2:]})]
        assert titles("\n".join(pages)) == ALL

    def test_single_object_is_one_record(self) -> None:
        alone = {"id": 1, "references": [{"title": "another"}], "title": "Alone"}
        assert titles(json.dumps(alone)) == ["Alone"]

    def test_record_has_its_first_line(self) -> None:
        read = records(
            io.BytesIO(b'\n{"papers": [\n\n  {"title": "A\\n",\n"x": 1},\n{"title": "B"}]}')
        )
        assert [line for line, _ in read] == [4, 6]

    def test_other_values_are_skipped_with_their_line(self) -> None:
        data = '[{"title": "A"},\nnull, 12, "text",\n{"title": "B"}]'
        assert titles(data) == ["A", None, None, None, "B"]
        assert set(reasons(data)) == {(2, 'not a JSON object; write papers as {"title": …}')}

    @pytest.mark.parametrize("data", ["", " \n", "\ufeff", "[]", "[[]]", '{"results": []}'])
    def test_empty_file_has_no_records(self, data: str) -> None:
        assert [title for title in titles(data) if title] == []


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
    def test_other_encodings_are_read(self, encoding: str) -> None:
        data = '[{"title": "Képes"}, {"title": "“ß”"}]'.encode(encoding)
        assert titles(data) == ["Képes", "“ß”"]

    def test_characters_across_chunks_are_decoded(self) -> None:
        shapes = [{"title": f"{n} é中😀" * 50} for n in range(2000)]
        data = json.dumps(shapes, ensure_ascii=False)
        assert len(data.encode()) > 3 << 18
        assert titles(data) == [shape["title"] for shape in shapes]
        assert titles(data.encode("utf-16")) == [shape["title"] for shape in shapes]

    def test_invalid_bytes_become_replacement_characters(self) -> None:
        assert titles(b'[{"title": "a\xe2\x80"}, {"title": "b\x81"}]') == ["a\ufffd", "b\ufffd"]

    def test_unusual_values_affect_no_others(self) -> None:
        data = (
            b'[{"title": "A", "n": NaN, "m": ' + b"9" * 5000 + b', "s": "\\ud800"}, {"title": "B"}]'
        )
        assert titles(data) == ["A", "B"]

    def test_duplicate_key_uses_last_value(self) -> None:
        assert titles('[{"title": "A", "title": "B"}]') == ["B"]

    def test_line_breaks_and_tabs_in_strings_are_read(self) -> None:
        assert titles('[{"title": "A\n\tB"}]') == ["A\n\tB"]


BREAKS = {
    "a stray quote": ('"T2"', '"T"2"'),
    "an extra quote": ('"T2"', '"T2""'),
    "a missing closing quote": ('"T2"', '"T2'),
    "a missing opening quote": ('"T2"', 'T2"'),
    "a quoted word": ('"T2"', '"T "2" x"'),
    "an extra comma": ('"T2",', '"T2",,'),
    "an invalid literal": ('"T2"', "None"),
    "an unopened array": ('"T2"', '"T2"]'),
    "an unclosed array": ('"T2"', '["T2"'),
    "single quotes": ('"T2"', "'T2'"),
    "an invalid escape": ('"T2"', r'"T\2"'),
}


class TestBroken:
    @pytest.mark.parametrize("layout", LAYOUTS)
    @pytest.mark.parametrize("defect", BREAKS)
    @pytest.mark.parametrize("around", ["array", "answer", "lines"])
    def test_broken_record_costs_only_itself(self, layout: str, defect: str, around: str) -> None:
        style = LAYOUTS[layout]
        if around == "lines":
            text = "\n".join(json.dumps(shape, **style) for shape in SOME)  # type: ignore[arg-type]
        else:
            shapes = SOME if around == "array" else {"meta": 1, "results": SOME}
            text = json.dumps(shapes, **style)  # type: ignore[arg-type]
        broken = text.replace(*BREAKS[defect], 1)
        assert broken != text
        read = titles(broken)
        assert [title for title in read if title] == [title for title in ALL if title != "T2"]
        ((line, reason), *_) = reasons(broken)
        assert line == text[: text.index('"p2"')].count("\n") + (0 if "indent" in style else 1)
        assert reason.startswith(("not JSON at line ", "cut off"))

    @pytest.mark.parametrize("layout", ["minified", "on one line", "pretty"])
    @pytest.mark.parametrize("brace", [r"[{", r"}]"])
    def test_missing_brace_costs_only_its_record(self, layout: str, brace: str) -> None:
        shapes = json.loads(json.dumps(SOME))
        text = json.dumps(shapes, **LAYOUTS[layout])  # type: ignore[arg-type]
        at = text.index("T2")
        at = text.rindex("{", 0, at) if brace == "[{" else text.index("]", at)
        sign = text.index("}", at) if brace == "}]" else at
        read = [title for title in titles(text[:sign] + text[sign + 1 :]) if title]
        assert read == [title for title in ALL if title != "T2"]

    @pytest.mark.parametrize("layout", LAYOUTS)
    @given(st.data())
    def test_truncated_file_loses_only_its_last_record(
        self, layout: str, data: st.DataObject
    ) -> None:
        text = json.dumps(SOME, **LAYOUTS[layout])  # type: ignore[arg-type]
        ends = [text.index("}", text.index("}", text.index(f'"T{n}"')) + 1) + 1 for n in range(5)]
        cut = data.draw(st.integers(1, len(text)))
        read = [title for title in titles(text[:cut]) if title]
        assert read == ALL[: sum(cut >= end for end in ends)]

    def test_one_broken_record_in_a_thousand_costs_only_itself(self) -> None:
        lines = [json.dumps({"title": f"T{n}", "abstract": "word " * 200}) for n in range(1000)]
        lines[500] = lines[500].replace('"T500"', '"T"500')
        data = "[\n" + ",\n".join(lines) + "\n]"
        read = list(read_json(io.BytesIO(data.encode()), Origin("f")))
        (skipped,) = [entry for entry in read if isinstance(entry, Skipped)]
        assert skipped.line == 502
        assert sum(isinstance(entry, ParsedPaper) for entry in read) == 999

    @pytest.mark.parametrize("separator", [",\n", ", ", ","])
    def test_unclosed_string_in_first_record_costs_only_that_record(self, separator: str) -> None:
        first = '{"title": "A", "x": ["y]}'
        rest = [json.dumps({"title": title, "year": 2020}) for title in ("B", "C", "D")]
        text = f"[{separator.join([first, *rest])}]"
        assert titles(text) == [None, "B", "C", "D"]
        assert reasons(text)[0][0] == 1

    def test_every_broken_record_is_reported_at_its_line(self) -> None:
        lines = [json.dumps({"id": n, "title": f"T{n}"}) for n in range(9)]
        for number in (0, 3, 4, 8):
            lines[number] = lines[number].replace('"T', '"T"')
        text = "[" + ",\n".join(lines) + "]"
        assert [line for line, _ in reasons(text)] == [1, 4, 5, 9]
        assert [title for title in titles(text) if title] == ["T1", "T2", "T5", "T6", "T7"]

    def test_extra_brace_does_not_end_the_file(self) -> None:
        for style in LAYOUTS.values():
            text = json.dumps(SOME, **style).replace('"T2"', '"T2"}', 1)  # type: ignore[arg-type]
            assert titles(text)[-2:] == ["T3", "T4"]

    def test_deeply_nested_value_is_skipped(self) -> None:
        deep = '{"title": "A", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
        assert reasons(f'[{{"title": "0"}}, {deep}, {{"title": "B"}}]') == [
            (1, "nested too deeply")
        ]
        assert titles(f'[{{"title": "0"}},\n{deep},\n{{"title": "B"}}]') == ["0", None, "B"]
        assert titles("[" * 200_000) == [None]
        assert titles('{"a":' * 200_000) == [None]

    @pytest.mark.parametrize("start", ["[", '{"results": ['])
    def test_overlong_value_is_skipped(self, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
        longest = 200_000
        monkeypatch.setattr(json_window, "MAX_VALUE_CHARS", longest)
        end = "]" if start == "[" else "]}"
        for long in ('"' + "x" * longest + '"', "[" + '{"title": "N"},' * (longest // 14) + "1]"):
            data = f'{start}{{"title": "0"}},{{"title": "A", "x": {long}}},{{"title": "B"}}{end}'
            assert titles(data) == ["0", None, "B"]
            assert "longer than 4 MB" in reasons(data)[0][1]

    @given(st.lists(st.sampled_from([*'{}[],:"\\ \n1a', '"title":', '{"a":'])).map("".join))
    def test_any_text_is_read_to_its_end(self, text: str) -> None:
        for data in (text, f'[{{"title":"A"}},{text}', f'{{"results":[{text}'):
            for line, _ in records(io.BytesIO(data.encode())):
                assert 1 <= line <= data.count("\n") + 1

    @pytest.mark.parametrize(
        "part",
        [
            ':{"a":1',
            ',\n{"a":',
            '{"a" ',
            '{"a":"',
            '{"a":1 x [ {},',
            '{"a":[',
            '"',
            "{",
            "]",
            '{"a":"x\n',
            '\n{"t":[{',
        ],
    )
    def test_broken_text_is_read_in_linear_time(self, part: str) -> None:
        assert_linear(lambda text: list(records(io.BytesIO(text.encode()))), str, part)


class _Endless(io.RawIOBase):
    """A long array, generated while it is read."""

    def __init__(self, records: int) -> None:
        one = json.dumps({"title": "A", "abstract": "word " * 400}).encode()
        self._parts: Iterator[bytes] = iter(
            [b'{"results": [', *([one + b","] * records), one, b"]}"]
        )
        self._left = b""

    def seek(self, offset: int, whence: int = 0) -> int:
        assert not offset
        return 0

    def read(self, size: int = -1) -> bytes:
        if size == 4:
            return b'{"re'
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        taken, self._left = self._left[:size], self._left[size:]
        return taken


def test_long_file_is_read_in_bounded_memory() -> None:
    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    stream: BinaryIO = _Endless(10_000)  # type: ignore[assignment]  # 20 MB, as far as is needed
    before = peak()
    assert sum(1 for _ in records(stream)) == 10_001
    assert peak() - before < 15_000  # KB
