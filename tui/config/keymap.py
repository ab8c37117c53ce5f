"""The key bindings: the defaults of the commands, overridden by the configuration."""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from tui.commands import BY_NAME, EVERY_COMMAND
from tui.commands.command import READER
from tui.config.parsers import shortened, texts

DEFAULT_KEYS = {command.name: command.keys for command in EVERY_COMMAND}
MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")


def keys_table(value: object) -> dict[str, object]:
    """Return the unparsed keys by command."""
    if not isinstance(value, dict):
        raise ValueError('expected a table: [keys], then lines such as undo = "U"')
    return value


def parse_keys(table: Mapping[str, object], problems: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of every command: those in the table if valid, else the defaults.

    Errors are appended to `problems`.
    """
    keys = dict(DEFAULT_KEYS)
    for name, value in table.items():
        if name not in keys:
            problems.append(f"keys.{name} is not a command{_suggest_command(name)}")
            continue
        try:
            keys[name] = _parse_command_keys(value)
        except ValueError as error:
            problems.append(f"keys.{name} = {shortened(value)}: {error}")
    while conflict := _find_conflict(keys):
        key, first, second = conflict
        # Reset the command that was changed; if both were, reset the later one.
        loser = second if keys[second] != DEFAULT_KEYS[second] else first
        keys[loser] = DEFAULT_KEYS[loser]
        default = f"uses its default, {', '.join(keys[loser])}" if keys[loser] else "has no key"
        mode = BY_NAME[loser].mode
        where = f" in {mode}" if mode != READER else ""
        both = f"{key} is bound to both {first} and {second}{where}"
        problems.append(f"keys: {both}; {loser} {default}")
    return keys


def _suggest_command(name: str) -> str:
    near = get_close_matches(name, DEFAULT_KEYS, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else "; see carrel config keys"


def _parse_command_keys(value: object) -> tuple[str, ...]:
    names = texts(value, 'a key or a list of keys, such as "x" or ["x", "ctrl+r"]')
    return tuple(dict.fromkeys(_parse_key(text) for text in names))


def _find_conflict(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Return a key bound to two commands of a mode, one of them changed, with both; else None."""
    owners: dict[tuple[str, str], str] = {}
    for name, command_keys in keys.items():
        for key in command_keys:
            first = owners.setdefault((BY_NAME[name].mode, key), name)
            if any(keys[owner] != DEFAULT_KEYS[owner] for owner in {first, name} if first != name):
                return key, first, name
    return None


def _parse_key(text: str) -> str:
    """Return a key in Textual's notation; a symbol may be written literally (`?`)."""
    from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, key_to_character

    *modifiers, last = text.split("+") if len(text) > 1 and not text.endswith("++") else [text]
    modifiers = [modifier.strip().lower() for modifier in modifiers]
    last = last if len(last) == 1 else last.strip().lower()
    if len(last) == 1 and not last.isalnum():
        name = unicodedata.name(last, "").lower().replace("-", "_").replace(" ", "_")
        last = KEY_NAME_REPLACEMENTS.get(name, name)
    elif len(last) == 1 and "shift" in modifiers and len(modifiers) == 1:
        modifiers, last = [], last.upper()
    elif len(last) == 1 and modifiers:
        last = last.lower()
    key_names = {key.value for key in Keys} | set(REPLACED_KEYS)
    is_known = bool(last) and (last in key_names or key_to_character(last) is not None)
    if not is_known or any(modifier not in MODIFIERS for modifier in modifiers):
        near = get_close_matches(last, key_names, 1)
        hint = f"; did you mean {near[0]}?" if near and not is_known else ""
        raise ValueError(f"{text!r} is not a key; try x, G, ctrl+r, f5 or question_mark{hint}")
    return "+".join([*modifiers, last])
