"""Every recogniser and reader takes time in proportion to its input, for any input."""

import io

import pytest

from index.formats import READERS, detect
from index.papers.entries import Origin
from tests.index.files import KINDS
from tests.index.linear import assert_linear

UNITS = ["\n", " ", "x\n", "(", "\\", '"', "[", "](", "<a ", "&#", "- \n", "](x) "]
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><link>http://rss.arxiv.org/rss/cs.CL</link>'
    "<item><title>A title{}. (arXiv:2501.00001v1 [cs.CL])</title>"
    "<link>https://arxiv.org/abs/2501.00001</link><description>We read.</description></item>"
    "</channel></rss>"
)


@pytest.mark.parametrize("unit", UNITS)
def test_detection_of_any_format_is_linear(unit: str) -> None:
    assert_linear(lambda text: detect(text.encode()), lambda run: f"{run}x", unit)


@pytest.mark.parametrize("name", KINDS)
def test_reading_is_linear_in_what_a_title_and_a_file_hold(name: str) -> None:
    kind, form = KINDS[name], READERS[name]

    def run(text: str) -> None:
        assert form.read
        assert all(form.read(io.BytesIO(text.encode()), Origin("a", "")))

    for unit in UNITS:
        assert_linear(run, lambda junk: kind.of([f"A title {junk} of desks", "Another"]), unit)
        assert_linear(run, lambda junk: f"{kind.head}{junk}x", unit)


@pytest.mark.parametrize("unit", [" ", "\t", "(", " (arXiv:"])
def test_title_of_announcement_is_read_in_linear_time(unit: str) -> None:
    def run(text: str) -> None:
        reader = READERS["arxiv"].read
        assert reader
        assert list(reader(io.BytesIO(text.encode()), Origin("a", "")))

    assert_linear(run, RSS.format, unit)
