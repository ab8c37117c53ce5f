"""Export templates: any text format, written in Jinja.

The language: https://jinja.palletsprojects.com/en/stable/templates/. A template may come from
somebody else, so it is rendered in Jinja's sandbox, in a worker process with limits on CPU time and
memory, and it can read no file.

Both processes exchange JSON lines. The worker sends `[kind, value]` pairs: "papers" requests a
batch of papers, "text" is output, "error" and "end" finish the rendering. Papers are sent only on
request, so that memory is bounded and neither process waits for the other.
"""

import json
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from index.errors import CarrelError
from index.formats.citation_keys import ExportedKeys, with_citation_keys
from index.papers.json_record import as_json
from index.papers.paper import Paper
from index.text.cleaning import one_line
from index.workers import Worker, start_worker

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

CPU_LIMIT_S = 10
"""Seconds of CPU time for one batch of papers, and for all that follows the last one."""
MEMORY_LIMIT_MB = 512
MAX_OUTPUT_CHARS = 2_000_000_000
"""A library of a million papers has some 1,500,000,000 characters."""
MAX_TEMPLATE_BYTES = 1_000_000
BATCH_PAPERS = 100
CHUNK_CHARS = 1 << 16

_CPU_ERROR = "the template uses more than {} s of CPU time; use fewer loops"


def write(
    papers: Iterable[Paper], path: Path, keys: str = "", exported: ExportedKeys | None = None
) -> Iterator[str]:
    """Yield the text that a template renders for `papers`, which have the shape of `--json`.

    Each paper also has its citation key as `key`. `keys` is the pattern of citation keys, and
    `exported` has those of earlier exports; see `citation_keys`. Raises CarrelError, with the line
    of the template, if the template cannot be read, is invalid or exceeds a limit.
    """
    source = _read_template(path)
    records = _records(papers, keys, exported)
    written = 0
    worker = start_worker(render, path.name, CPU_LIMIT_S, MEMORY_LIMIT_MB, stdin=subprocess.PIPE)
    assert worker.stdin
    assert worker.stdout
    try:
        _send(worker.stdin, source)
        for line in worker.stdout:
            kind, value = json.loads(line)
            if kind == "end":
                return
            if kind == "error":
                raise CarrelError(f"{path}{value}")
            if kind == "papers":
                _send(worker.stdin, list(islice(records, BATCH_PAPERS)))
                continue
            written += len(value)
            if written > MAX_OUTPUT_CHARS:
                raise CarrelError(
                    f"{path}: the template writes more than {MAX_OUTPUT_CHARS:,} characters"
                )
            yield value
        raise CarrelError(f"{path}: {_exit_reason(worker)}")
    finally:
        worker.kill()
        worker.communicate()


def _records(
    papers: Iterable[Paper], pattern: str, exported: ExportedKeys | None
) -> Iterator[dict[str, object]]:
    for key, paper in with_citation_keys(papers, pattern, exported):
        yield {**as_json(paper), "et_al": paper.et_al, "key": key}


def _read_template(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(MAX_TEMPLATE_BYTES + 1)
        source = data.decode("utf-8-sig")
    except OSError as error:
        raise CarrelError(f"cannot read template {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CarrelError(f"cannot read template {path}: it is not UTF-8 text") from error
    if len(data) > MAX_TEMPLATE_BYTES:
        raise CarrelError(
            f"cannot read template {path}: it is longer than {MAX_TEMPLATE_BYTES:,} bytes"
        )
    return source


def _send(pipe: IO[bytes], value: object) -> None:
    with suppress(BrokenPipeError):  # the worker has ended; its exit code says why
        pipe.write(json.dumps(value).encode() + b"\n")
        pipe.flush()


def _exit_reason(worker: Worker) -> str:
    if worker.wait() == -signal.SIGXCPU:
        return _CPU_ERROR.format(CPU_LIMIT_S)
    return f"the worker process ended with exit code {worker.returncode}; try fewer papers"


# -- the worker process ----------------------------------------------------------------------------


class _CPULimitReached(Exception):
    pass


def render(name: str, cpu_limit_s: int, memory_limit_mb: int) -> None:
    """Render the template sent to standard input; send its text to standard output."""
    written: dict[str, str] = {}
    environment = _environment(name, written)
    source = json.loads(sys.stdin.buffer.readline())
    _limit_memory(memory_limit_mb)
    _limit_cpu_time(cpu_limit_s)
    text, length = [], 0
    try:
        template = environment.from_string(source)
        for piece in template.generate(papers=_requested_papers(cpu_limit_s, written)):
            text.append(piece)
            length += len(piece)
            if length >= CHUNK_CHARS:
                _send_text("".join(text))
                text, length = [], 0
        _send_text("".join(text))
    except Exception as error:
        _send(sys.stdout.buffer, ("error", _describe(error, cpu_limit_s, memory_limit_mb)))
    else:
        _send(sys.stdout.buffer, ("end", ""))


def _requested_papers(cpu_limit_s: int, written: dict[str, str]) -> Iterator[dict[str, object]]:
    """Yield the papers; `written` gets the texts of the current batch that are in LaTeX."""
    while True:
        _send(sys.stdout.buffer, ("papers", BATCH_PAPERS))
        batch = json.loads(sys.stdin.buffer.readline())
        if not batch:
            return
        _limit_cpu_time(cpu_limit_s)
        written.clear()
        for paper in batch:
            latex = paper.get("latex", {})
            written |= {paper[name]: text for name, text in latex.items()}
        yield from batch


def _send_text(text: str) -> None:
    for start in range(0, len(text), CHUNK_CHARS):
        _send(sys.stdout.buffer, ("text", text[start : start + CHUNK_CHARS]))


def _limit_memory(megabytes: int) -> None:
    """Limit the memory that this process may allocate from now on; macOS has no such limit."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + (megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_cpu_time(seconds: int) -> None:
    """Limit the CPU time that this process may use from now on.

    The timer raises an exception, which shows the line of the template. It has to wait for a single
    operation to finish; the resource limit, which ends the process, does not.
    """
    signal.signal(signal.SIGPROF, _raise_cpu_limit)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime) + seconds + 2
    _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard_limit))


def _raise_cpu_limit(*_: object) -> None:
    raise _CPULimitReached


def _describe(error: Exception, cpu_limit_s: int, memory_limit_mb: int) -> str:
    """Return an error in one line: `:line: message`, without the line if it is unknown."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else None)
    message = one_line(str(error) or type(error).__name__, 200)
    if isinstance(error, _CPULimitReached):
        message = _CPU_ERROR.format(cpu_limit_s)
    elif isinstance(error, MemoryError):
        message = f"the template needs more than {memory_limit_mb} MB of memory"
    elif isinstance(error, RecursionError):
        message = "the template is nested too deeply"
    elif isinstance(error, TypeError) and "no loader" in message:
        message = "a template cannot include other files"
    return f":{line}: {message}" if line else f": {message}"


def _environment(name: str, written: Mapping[str, str]) -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    name = name.lower().removesuffix(".j2").removesuffix(".jinja").removesuffix(".jinja2")
    environment = ImmutableSandboxedEnvironment(
        autoescape=name.endswith((".html", ".htm", ".xhtml", ".xml", ".svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_filters(written))
    return environment


def _filters(written: Mapping[str, str]) -> dict[str, Callable[..., str]]:
    """Return the filters that escape text for other formats; `latex` gives it as written."""
    from index.formats.markdown import escape as escape_markdown
    from index.formats.org import escape as escape_org
    from index.formats.tables.cells import escape_formula
    from index.text.latex.encoding import latex

    def csv_cell(value: object) -> str:
        quoted = escape_formula(_as_text(value), lines=True).replace('"', '""')
        return f'"{quoted}"'

    def escape_latex(value: object, title: bool = False) -> str:
        text = _as_text(value)
        return latex(written.get(text, text), title=title)

    return {
        "latex": escape_latex,
        "markdown": lambda value: escape_markdown(_as_text(value)),
        "org": lambda value: escape_org(_as_text(value)),
        "json": lambda value: json.dumps(value, ensure_ascii=False),
        "csv": csv_cell,
    }


def _as_text(value: object) -> str:
    """Return a value as text: a list joined by semicolons, None as an empty text."""
    if isinstance(value, list | tuple):
        return "; ".join(map(_as_text, value))
    return "" if value is None else str(value)
