"""`carrel doctor`: one line for each check, with a fix."""

import fcntl
import os
import pty
import sqlite3
import struct
import subprocess
import termios
from contextlib import closing

import pytest

from .command import ROOT, Carrel


def findings(text: str) -> dict[str, tuple[str, str]]:
    """Return the sign and the message of each finding by its name."""
    lines = [line.split("  ", 1) for line in text.splitlines() if line[:2] in ("ok", "!!")]
    return {
        name: (sign, message.strip())
        for sign, rest in lines
        for name, message in [rest.split("  ", 1)]
    }


def on_terminal(carrel: Carrel, columns: int, rows: int, **environment: str) -> tuple[str, int]:
    """Run `carrel doctor` in a new terminal; return its output and exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    known = {k: v for k, v in carrel.environment.items()
             if k not in ("TMUX", "COLUMNS", "LINES", "NO_COLOR", "COLORTERM", "SSH_CONNECTION",
                          "DISPLAY", "WAYLAND_DISPLAY")}  # fmt: skip
    done = subprocess.run(carrel.command("doctor"), stdin=theirs, stdout=theirs,
                          env={**known, **environment}, check=False, timeout=60,
                          cwd=ROOT)  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while some := os.read(ours, 65_536):
            shown += some
    except OSError:  # how Linux tells the end of a terminal
        pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), done.returncode


# -- the library -----------------------------------------------------------------------------------


def test_doctor_new_library_passes(stocked: Carrel) -> None:
    stocked("search", "watermark")
    run = stocked("doctor")
    assert (run.code, run.err) == (0, "")
    found = findings(run.out)
    assert list(found) == ["library", "database", "backups", "search index", "configuration",
                           "services",
                           "terminal", "clipboard"]  # fmt: skip
    assert {sign for sign, _ in found.values()} == {"ok"}
    assert found["search index"][1].startswith("4 papers, in ")


def test_doctor_open_permissions_are_reported_and_fixed(stocked: Carrel) -> None:
    database = stocked.library / "carrel.db"
    stocked.library.chmod(0o777)
    database.chmod(0o644)
    run = stocked("doctor")
    assert run.code == 1
    sign, message = findings(run.out)["library"]
    assert sign == "!!"
    assert message.startswith("other users can access ")
    assert message.endswith("; carrel doctor --fix restricts access")
    run = stocked("doctor", "--fix")
    assert run.code == 0
    assert f"fixed: removed other users' access to {database}\n" in run.err
    assert database.stat().st_mode & 0o777 == 0o600
    assert stocked.library.stat().st_mode & 0o022 == 0
    assert stocked("doctor", "--fix").err == ""


def test_doctor_custom_folder_may_be_shared(stocked: Carrel) -> None:
    stocked.library.chmod(0o755)
    assert stocked("doctor", "--fix").code == 0
    assert stocked.library.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("option", ["--fix", "--mend"])  # the second is the former name
def test_doctor_broken_index_is_reported_and_rebuilt(stocked: Carrel, option: str) -> None:
    stocked("search", "watermark")
    for file in (stocked.home / "cache" / "carrel").glob("index-*/*.toc"):
        file.write_bytes(b"\0" * 100)
    run = stocked("doctor")
    assert run.code == 1
    assert findings(run.out)["search index"][1].endswith("; run carrel doctor --rebuild")
    run = stocked("doctor", option)
    assert (run.code, run.err) == (0, "fixed: rebuilt the search index\n")
    assert stocked.ids("watermark -image") == ["robust"]


def test_doctor_orphaned_rows_are_reported(stocked: Carrel) -> None:
    with closing(sqlite3.connect(stocked.library / "carrel.db")) as connection:
        connection.execute("INSERT INTO mark VALUES (99, 'bookmark', '', '')")
        connection.commit()
    run = stocked("doctor")
    assert run.code == 1
    assert findings(run.out)["database"] == (
        "!!",
        "orphaned rows: 1 in mark; "
        "save the marks with carrel dump -o FILE and restore them into a new library",
    )


def test_doctor_damaged_database_reports_all_checks(stocked: Carrel) -> None:
    path = stocked.library / "carrel.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    run = stocked("doctor")
    assert (run.code, run.err) == (1, "")
    found = findings(run.out)
    assert [name for name, (sign, _) in found.items() if sign == "!!"] in (
        ["database"],
        ["library"],
    )
    assert "configuration" in found


def test_doctor_unopenable_library_is_reported(stocked: Carrel) -> None:
    (stocked.library / "carrel.db").write_bytes(b"no database at all, but text" * 99)
    run = stocked("doctor")
    assert (run.code, run.err) == (1, "")
    found = findings(run.out)
    assert found["library"][0] == "!!"
    assert "restore a backup of it" in found["library"][1]
    assert found["clipboard"][0] == "ok"


def test_doctor_reports_pending_marks_and_backups(stocked: Carrel) -> None:
    line = '{"paper": {"title": "Elsewhere"}, "read": "2024-01-01T00:00:00+00:00"}'
    stocked("restore", "-", stdin='{"carrel": "marks", "version": 1}\n' + line)
    copy = stocked.library / "carrel.db.v1-backup"
    copy.touch(0o600)
    found = findings(stocked("doctor").out)
    assert found["pending marks"] == (
        "ok", "marks of 1 paper, applied when the papers are imported"
    )  # fmt: skip
    assert found["backups"][1].startswith("1, the latest from ")
    assert found["backups"][1].endswith(str(copy))


# -- the terminal ----------------------------------------------------------------------------------


def test_doctor_good_terminal_is_described(stocked: Carrel) -> None:
    shown, code = on_terminal(stocked, 120, 40, TERM="xterm-256color", LC_ALL="C.UTF-8")
    found = findings(shown)
    assert code == 0
    assert found["terminal"] == ("ok", "xterm-256color, 256 colours")
    assert found["size"] == ("ok", "120x40")
    assert found["characters"] == ("ok", "UTF-8 (LC_ALL=C.UTF-8)")


def test_doctor_terminal_problems_have_fixes(stocked: Carrel) -> None:
    shown, code = on_terminal(stocked, 59, 20, TERM="dumb", LC_ALL="POSIX")
    found = findings(shown)
    assert code == 1
    assert found["terminal"][1].startswith("TERM is 'dumb'; set it to the terminal type")
    assert found["size"] == ("!!", "59x20; the reader needs 60x20, enlarge the window")
    assert found["characters"][1].startswith(
        "LC_ALL is 'POSIX', which is not UTF-8; set it to a UTF-8"
    )


@pytest.mark.parametrize(
    ("clipboard", "passthrough", "sign"),
    [("on", "off", "ok"), ("external", "on", "ok"), ("external", "off", "!!"), ("off", "", "!!")],
)
def test_doctor_tmux_without_osc52_is_reported(
    stocked: Carrel, clipboard: str, passthrough: str, sign: str
) -> None:
    tmux = stocked.file("tmux", f"#!/bin/sh\ncase $3 in set-*) echo {clipboard};; "
                                f"*) echo {passthrough};; esac\n")  # fmt: skip
    tmux.chmod(0o755)
    path = f"{stocked.home}{os.pathsep}{os.environ['PATH']}"
    run = stocked("doctor", TMUX="x", PATH=path, DISPLAY="", WAYLAND_DISPLAY="", SSH_CONNECTION="x")
    found = findings(run.out)["clipboard"]
    assert found[0] == sign
    assert ("tmux set -g set-clipboard on" in found[1]) == (sign == "!!")
    assert run.code == (sign == "!!")


def test_doctor_reports_which_services_have_a_key(stocked: Carrel) -> None:
    assert "OpenAlex: no key, so not asked" in findings(stocked("doctor").out)["services"][1]
    folder = stocked.home / "config" / "carrel"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('openalex_key = "k-1"\nmailto = "ada@example.org"\n')
    found = findings(stocked("doctor").out)["services"][1]
    assert "OpenAlex: your key" in found
    assert "Crossref: your mail address" in found
    assert "k-1" not in found
