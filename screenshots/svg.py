"""Pictures of a terminal as SVG, from Textual's export: seamless rules, small files, animation.

Textual draws a terminal as text of a fixed length, so that its cells align in any font. Here its
rules, bars and blocks become shapes, which have no gaps between lines, and the backgrounds of cells
are joined.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from rich.cells import cell_len

EXPORTED_CELL = (12.2, 24.4)
EXPORTED_BASELINE = 20
CELL_WIDTH, CELL_HEIGHT, BASELINE = 12, 24, 18
MARGIN, TITLE_HEIGHT = 10, 36
FONTS = '"DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'

_CLASS = re.compile(r"\.terminal-\d+-(r\d+) \{ ([^}]*?) *\}")
_RECT = re.compile(r'<rect fill="([^"]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"')
_TEXT = re.compile(
    r'<text class="terminal-\d+-(r\d+)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>'
)

Box = tuple[float, float, float, float]
"""Left, top, width and height, in the units of a cell."""

_LOWER = {sign: (0.0, 1 - at / 8, 1.0, at / 8) for at, sign in enumerate("▁▂▃▄▅▆▇█", 1)}
_LEFT = {sign: (0.0, 0.0, at / 8, 1.0) for at, sign in enumerate("▏▎▍▌▋▊▉", 1)}
_LIGHT, _HEAVY = 1 / 24, 3 / 24
_ACROSS = (0.0, 0.5 - _LIGHT / 2, 1.0, _LIGHT)
_ACROSS_HEAVY = (0.0, 0.5 - _HEAVY / 2, 1.0, _HEAVY)
_DOWN_X, _DOWN_HEAVY_X = 0.5 - _LIGHT, 0.5 - _HEAVY
SHAPES: dict[str, Sequence[Box]] = {
    **{sign: [box] for sign, box in {**_LOWER, **_LEFT}.items()},
    "─": [_ACROSS],
    "━": [_ACROSS_HEAVY],
    "│": [(_DOWN_X, 0, 2 * _LIGHT, 1)],
    "┃": [(_DOWN_HEAVY_X, 0, 2 * _HEAVY, 1)],
    "┬": [_ACROSS, (_DOWN_X, 0.5, 2 * _LIGHT, 0.5)],
    "┳": [_ACROSS_HEAVY, (_DOWN_HEAVY_X, 0.5, 2 * _HEAVY, 0.5)],
    "▔": [(0, 0, 1, 1 / 8)],
    "▕": [(7 / 8, 0, 1 / 8, 1)],
    "╭": [(0.5, _ACROSS[1], 0.5, _LIGHT), (_DOWN_X, 0.5, 2 * _LIGHT, 0.5)],
    "╮": [(0, _ACROSS[1], 0.5, _LIGHT), (_DOWN_X, 0.5, 2 * _LIGHT, 0.5)],
    "╰": [(0.5, _ACROSS[1], 0.5, _LIGHT), (_DOWN_X, 0, 2 * _LIGHT, 0.5)],
    "╯": [(0, _ACROSS[1], 0.5, _LIGHT), (_DOWN_X, 0, 2 * _LIGHT, 0.5)],
}
"""The shapes of signs."""

_SIGNS = "".join(SHAPES)
_PIECES = re.compile(f"[{_SIGNS}]+| +|[^ {_SIGNS}]+(?: [^ {_SIGNS}]+)*")
"""Signs, spaces, and words with single spaces between them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen: the SVG of each of its lines, its background and its width in cells."""

    lines: tuple[str, ...]
    background: str
    columns: int


# -- reading ---------------------------------------------------------------------------------------


def read_picture(exported: str, size: tuple[int, int]) -> Picture:
    """Return the picture in an SVG that Textual exported."""
    columns, count = size
    styles = dict(_CLASS.findall(exported))
    lines: list[list[str]] = [[] for _ in range(count)]
    rects = [
        (round((float(y) - 1.5) / EXPORTED_CELL[1]), _cells(x), _cells(width), fill)
        for fill, x, y, width in _RECT.findall(exported)
        if "." in y
    ]
    background = _most_common(rects)
    for line, at, cells, fill in _joined(rects):
        if fill != background:
            lines[line].append(_rect((at, line), (0, 0, cells, 1), fill))
    for name, x, y, text in _TEXT.findall(exported):
        line = round((float(y) - EXPORTED_BASELINE) / EXPORTED_CELL[1])
        lines[line] += _text(_cells(x), line, unescape(text).replace("\xa0", " "), styles[name])
    return Picture(tuple("".join(line) for line in lines), background, columns)


Background = tuple[int, int, int, str]
"""Line, first cell, number of cells and colour."""


def _cells(length: str) -> int:
    return round(float(length) / EXPORTED_CELL[0])


def _most_common(rects: Sequence[Background]) -> str:
    cells: dict[str, int] = {}
    for _, _, width, fill in rects:
        cells[fill] = cells.get(fill, 0) + width
    return max(cells, key=lambda fill: cells[fill])


def _joined(rects: Sequence[Background]) -> list[Background]:
    """Return backgrounds with those joined that have one colour, side by side."""
    joined: list[Background] = []
    for line, at, cells, fill in sorted(rects):
        if joined:
            last_line, start, width, last_fill = joined[-1]
            if (last_line, start + width, last_fill) == (line, at, fill):
                joined[-1] = (line, start, width + cells, fill)
                continue
        joined.append((line, at, cells, fill))
    return joined


def _text(at: int, line: int, text: str, style: str) -> list[str]:
    """Return the elements of a text: shapes of its signs, and the text between them."""
    fill = re.findall(r"fill: (#\w+)", style)[0]
    parts: list[str] = []
    for piece in _PIECES.findall(text):
        cells, boxes = cell_len(piece), SHAPES.get(piece[0], ())
        if boxes and set(piece) == {piece[0]} and all(box[2] == 1 for box in boxes):
            parts += [_rect((at, line), (x, y, cells, high), fill) for x, y, _, high in boxes]
        elif boxes:
            signs = [
                (at + offset, box) for offset, sign in enumerate(piece) for box in SHAPES[sign]
            ]
            parts += [_rect((left, line), box, fill) for left, box in signs]
        elif piece.strip():
            parts.append(_words(at, line, piece, style))
        at += cells
    return parts


def _words(at: int, line: int, text: str, style: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "\xa0")
    attributes = [f'fill="{re.findall(r"fill: (#[0-9a-f]+)", style)[0]}"']
    for css, attribute in (
        ("font-weight: bold", 'font-weight="bold"'),
        ("font-style: italic", 'font-style="italic"'),
        ("text-decoration: underline", 'text-decoration="underline"'),
    ):
        attributes += [attribute] * (css in style)
    place = f'x="{at * CELL_WIDTH}" y="{line * CELL_HEIGHT + BASELINE}"'
    length = f'textLength="{cell_len(text) * CELL_WIDTH}"'
    return f"<text {place} {length} {' '.join(attributes)}>{escaped}</text>"


def _rect(cell: tuple[int, int], box: Box, fill: str) -> str:
    x, y = (cell[0] + box[0]) * CELL_WIDTH, (cell[1] + box[1]) * CELL_HEIGHT
    width, height = box[2] * CELL_WIDTH, box[3] * CELL_HEIGHT
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'


# -- writing ---------------------------------------------------------------------------------------


def write_picture(picture: Picture) -> str:
    """Return a picture as SVG, in a window."""
    return _window(picture, "".join(f"{line}\n" for line in picture.lines if line))


def write_animation(frames: Sequence[tuple[Picture, float]]) -> str:
    """Return an animation that repeats, each picture with the seconds for which it is shown.

    A line that stays is in the file once. Where nothing moves, the last picture is shown.
    """
    first = frames[0][0]
    parts: list[str] = []
    styles: dict[tuple[bool, ...], str] = {}
    for number in range(len(first.lines)):
        lines = [picture.lines[number] for picture, _ in frames]
        for line in dict.fromkeys(lines):
            if len(set(lines)) == 1:
                parts.append(line)
                continue
            shown = tuple(one == line for one in lines)
            name = styles.setdefault(shown, f"a{len(styles)}")
            parts.append(f'<g class="{name}">{line}</g>')
    seconds = [seconds for _, seconds in frames]
    css = "".join(_keyframes(name, shown, seconds) for shown, name in styles.items())
    return _window(
        first, f"<style>{css}</style>\n" + "".join(f"{part}\n" for part in parts if part)
    )


def _keyframes(name: str, shown: Sequence[bool], seconds: Sequence[float]) -> str:
    total, at, steps = sum(seconds), 0.0, []
    for index, visible in enumerate(shown):
        if not index or visible != shown[index - 1]:
            steps.append(
                f"{at * 100 / total:.2f}%{{visibility:{'visible' if visible else 'hidden'}}}"
            )
        at += seconds[index]
    start = "visible" if shown[-1] else "hidden"
    return (
        f"@keyframes {name}{{{''.join(steps)}}}"
        f".{name}{{visibility:{start};animation:{name} {total:g}s step-end infinite}}\n"
    )


def _window(picture: Picture, content: str) -> str:
    width = picture.columns * CELL_WIDTH + 2 * MARGIN
    height = len(picture.lines) * CELL_HEIGHT + TITLE_HEIGHT + MARGIN
    dots = "".join(
        f'<circle cx="{20 + 22 * at}" cy="18" r="7" fill="{fill}"/>'
        for at, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">\n'
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"'
        f' fill="{picture.background}" stroke="#808080"/>\n{dots}\n'
        f'<g transform="translate({MARGIN},{TITLE_HEIGHT})" font-size="20"'
        f" font-family='{FONTS}'>\n{content}</g>\n</svg>\n"
    )
