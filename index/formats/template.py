"""A reader's own template: any text, as Jinja writes it.

The language: https://jinja.palletsprojects.com/en/stable/templates/. A template may come from
somebody else, so it runs in Jinja's sandbox, and tighter: it reads no file, reaches no attribute of
an object, and what it counts, multiplies and writes is bounded.
"""

import json
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CarrelError
from index.formats.citation_keys import keyed
from index.papers.json_record import as_json
from index.papers.paper import Paper
from index.text.cleaning import one_line

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_COUNTED = 1_000_000
"""Numbers that all `range` of one export may count together."""
LONGEST_VALUE = 10_000_000
"""Characters or items that one expression may come to."""
MOST_WRITTEN = 2_000_000_000
"""Characters of one export: a library of a million papers has some 1,500,000,000."""
LONGEST_TEMPLATE = 1_000_000
"""Bytes."""
WIDEST = 10_000
"""The largest number that may be given to a filter, as the width of an indent."""

Filter = Callable[..., object]


class TooMuch(Exception):
    """A template asked for more than it may."""


def write(papers: Iterable[Paper], path: Path, keys: str = "") -> Iterator[str]:
    """Yield what a template makes of `papers`: each in the shape of `--json`, with its `key`.

    `keys` is the pattern of citation keys; see `citation_keys`. Raises CarrelError, naming line and
    fault, where the template cannot be read or is at fault.
    """
    template = _compiled(path)
    written = 0
    try:
        for piece in template.generate(papers=_shapes(papers, keys)):
            written += len(piece)
            if written > MOST_WRITTEN:
                raise TooMuch(f"it writes more than {MOST_WRITTEN:,} characters")
            yield piece
    except CarrelError:
        raise
    except Exception as error:
        raise _fault(path, error) from error


def _shapes(papers: Iterable[Paper], pattern: str) -> Iterator[dict[str, object]]:
    for key, paper in keyed(papers, pattern):
        yield {**as_json(paper), "et_al": paper.et_al, "key": key}


def _compiled(path: Path) -> "Template":
    from jinja2 import Template

    try:
        with path.expanduser().open("rb") as file:
            source = file.read(LONGEST_TEMPLATE + 1).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8 text"
        raise CarrelError(f"{path}: the template cannot be read ({reason})") from error
    if len(source) > LONGEST_TEMPLATE:
        raise CarrelError(f"{path}: the template is longer than {LONGEST_TEMPLATE:,} bytes")
    environment = _environment(path)
    try:
        code = environment.compile(source, filename=str(path))
        return Template.from_code(environment, code, environment.make_globals(None))
    except Exception as error:
        raise _fault(path, error) from error


def _fault(path: Path, error: BaseException) -> CarrelError:
    """Return a fault of a template in one line, with the line of the template it is on."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else None)
    place = f"{path}:{line}" if line else str(path)
    if isinstance(error, RecursionError):
        return CarrelError(f"{place}: the template is nested too deeply")
    if isinstance(error, TypeError) and "no loader" in str(error):
        return CarrelError(f"{place}: a template stands alone; it can include no other file")
    return CarrelError(f"{place}: {one_line(str(error) or type(error).__name__, 200)}")


def _environment(path: Path) -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.compiler import CodeGenerator, Frame
    from jinja2.nodes import Concat
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import Cycler, Namespace

    class Bounding(CodeGenerator):
        """Has what `~` joins measured, which no sandbox of Jinja's intercepts."""

        def visit_Concat(self, node: Concat, frame: Frame) -> None:  # noqa: N802  # Jinja's own
            self.write("environment.measured(")
            super().visit_Concat(node, frame)
            self.write(")")

    class Sandbox(ImmutableSandboxedEnvironment):
        """Reaches items, and of attributes those of loops alone."""

        code_generator_class = Bounding
        intercepted_binops = frozenset(("+", "*", "**", "%"))

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            of_loop = isinstance(obj, LoopContext | Namespace | Cycler)
            return of_loop and super().is_safe_attribute(obj, attr, value)

        def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
            _check(operator, left, right)
            return self.binop_table[operator](left, right)

        @staticmethod
        def measured(value: object) -> object:
            _check("~", value, "")
            return value

    name = path.name.lower().removesuffix(".j2").removesuffix(".jinja").removesuffix(".jinja2")
    environment = Sandbox(
        autoescape=name.endswith((".html", ".htm", ".xhtml", ".xml", ".svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters = {
        name: _bounded(known)
        for name, known in {**environment.filters, **_filters()}.items()
        if name not in ("attr", "center", "format", "slice", "xmlattr")
    }
    environment.globals = {
        name: value for name, value in environment.globals.items() if name != "lipsum"
    } | {"range": _counting()}
    return environment


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


def _check(operator: str, left: object, right: object) -> None:
    """Raise TooMuch where an operation would come to more than an expression may."""
    numbers = [value for value in (left, right) if isinstance(value, int | float)]
    sizes = _size(left) + _size(right)
    if operator == "*" and sizes and numbers:
        sizes *= max(1, int(numbers[0]))
    if operator == "%" and isinstance(left, str):
        raise TooMuch("% is for numbers; ~ joins texts")
    if operator == "**" and any(abs(number) > 1000 for number in numbers):
        raise TooMuch("a power of a number over 1,000")
    if operator in "**" and any(abs(number) > 10**100 for number in numbers):
        raise TooMuch("a number of over 100 digits")
    if sizes > LONGEST_VALUE:
        raise TooMuch(f"a value of more than {LONGEST_VALUE:,} characters")


def _bounded(filter: Filter) -> Filter:
    """Return a filter that takes no huge numbers, and makes no huge texts of small ones."""

    @wraps(filter)  # with the marks by which Jinja knows what to pass
    def bounded(*given: object, **named: object) -> object:
        values = [*given, *named.values()]
        if any(isinstance(value, int) and abs(value) > WIDEST for value in values[1:]):
            raise TooMuch(f"a number over {WIDEST:,} for a filter")
        sizes = sorted(map(_size, values))[-2:]
        if len(sizes) == 2 and max(1, sizes[0]) * sizes[1] > LONGEST_VALUE:
            raise TooMuch(f"a value of more than {LONGEST_VALUE:,} characters")
        return filter(*given, **named)

    return bounded


def _counting() -> Callable[..., range]:
    counted = 0

    def counting(*given: int) -> range:
        nonlocal counted
        numbers = range(*given)
        counted += len(numbers)
        if counted > MOST_COUNTED:
            raise TooMuch(f"range counts more than {MOST_COUNTED:,} numbers")
        return numbers

    return counting


def _filters() -> dict[str, Filter]:
    """Return the filters that write a text as other formats need it."""
    from index.formats.markdown import escaped as markdown
    from index.formats.org import escaped as org
    from index.formats.tables.cells import defused
    from index.text.latex.encoding import latex

    def cell(value: object) -> str:
        quoted = defused(_plain(value), lines=True).replace('"', '""')
        return f'"{quoted}"'

    def as_latex(value: object, title: bool = False) -> str:
        return latex(_plain(value), title=title)

    return {
        "latex": as_latex,
        "markdown": lambda value: markdown(_plain(value)),
        "org": lambda value: org(_plain(value)),
        "json": lambda value: json.dumps(value, ensure_ascii=False),
        "csv": cell,
    }


def _plain(value: object) -> str:
    """Return a value as text: a list joined, nothing for what is unknown."""
    if isinstance(value, list | tuple):
        return "; ".join(map(_plain, value))
    return "" if value is None else str(value)
