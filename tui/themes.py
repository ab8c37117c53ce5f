"""Carrel's own themes; Textual's themes are available as well."""

from textual.theme import Theme

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
    variables={"input-selection-background": "#e2b269 35%", "block-cursor-foreground": "#16171b"},
)
LIGHT = Theme(
    name="carrel-light",
    primary="#8a5a13",
    secondary="#2f5f8a",
    accent="#8f5b0c",
    foreground="#26282d",
    background="#faf8f4",
    surface="#f0ece4",
    panel="#d3ccbf",
    success="#3d6b23",
    warning="#8f5b0c",
    error="#a5372b",
    dark=False,
)

THEMES = (DARK, LIGHT)
