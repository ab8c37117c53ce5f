"""State that the reader saves: layout, theme, and the last session of each library."""

import json
import logging
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

log = logging.getLogger(__name__)


def state_file() -> Path:
    """Return the file of the state, in the user's state folder."""
    return platformdirs.user_state_path("carrel") / "reader.json"


MAX_SESSIONS = 20
"""Libraries whose last session is kept."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state of the reader in a library at the end of a session.

    `sort` is the order chosen, or "" for that of the configuration. `paper` is the key of the paper
    under the cursor, 0 if there was none; `selection` and `visited` are keys of papers too.
    """

    query: str = ""
    sort: str = ""
    paper: int = 0
    selection: tuple[int, ...] = ()
    visited: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderState:
    """The state of the reader at its end.

    `layout` is the one chosen by hand, or "". `shares` are those of the list, by layout. `theme` is
    the one chosen in the reader while the configuration had `configured_theme`; a change of the
    configuration ends the choice. `recent_commands` were run from the palette, the newest first.
    `sessions` are by the identity of the library, the last one last.
    """

    layout: str = ""
    dense: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    theme: str = ""
    configured_theme: str = ""
    recent_commands: tuple[str, ...] = ()
    sessions: dict[str, SessionState] = field(default_factory=dict)

    def with_session(self, library: str, session: SessionState) -> "ReaderState":
        """Return the state with the session of a library, without the oldest ones."""
        others = {name: each for name, each in self.sessions.items() if name != library}
        latest = list(others.items())[-(MAX_SESSIONS - 1) :]
        return replace(self, sessions={**dict(latest), library: session})


def load_state(path: Path) -> ReaderState:
    """Return the state in a file; the default if there is none, or it cannot be read."""
    try:
        table = json.loads(path.read_bytes())
        return ReaderState(
            str(table["layout"]),
            bool(table["dense"]),
            {str(name): float(share) for name, share in table["shares"].items()},
            str(table["theme"]),
            str(table["configured_theme"]),
            tuple(map(str, table.get("recent_commands", ()))),
            {str(name): _session(each) for name, each in table.get("sessions", {}).items()},
        )
    except FileNotFoundError:
        return ReaderState()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.info("cannot read %s: %s", path, error)
        return ReaderState()


def _session(table: dict[str, Any]) -> SessionState:
    return SessionState(
        str(table["query"]),
        str(table["sort"]),
        int(table["paper"]),
        tuple(map(int, table["selection"])),
        tuple(map(int, table["visited"])),
    )


def save_state(path: Path, state: ReaderState) -> None:
    """Write the state to a file; an error is only logged, since nothing of value is lost."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        log.info("cannot write %s: %s", path, error)
