"""Carrel's own themes; Textual's themes are available as well."""

from textual.theme import Theme

DIM = "$foreground 78%"
"""The style of secondary text; on every background its contrast is at least 4.5."""

RULE = "#808080"
"""The colour of rules, borders and scroll bars in a theme that does not name one."""

DARK = Theme(
    name="carrel-dark",
    primary="#d7a65f",
    secondary="#7fa6c9",
    accent="#e2b269",
    foreground="#d8d5cf",
    background="#16171b",
    surface="#1e2026",
    panel="#353842",
    success="#8fb573",
    warning="#e0af68",
    error="#d9776c",
    dark=True,
    variables={
        "input-selection-background": "#e2b269 35%",
        "block-cursor-foreground": "#16171b",
        "rule": "#6b7080",
    },
)
LIGHT = Theme(
    name="carrel-light",
    primary="#7a4a00",
    secondary="#2f5f8a",
    accent="#7a4a00",
    foreground="#26282d",
    background="#faf8f4",
    surface="#f0ece4",
    panel="#d3ccbf",
    success="#335c1c",
    warning="#7a4a00",
    error="#a5372b",
    dark=False,
    variables={"rule": "#8b8477"},
)

THEMES = (DARK, LIGHT)
