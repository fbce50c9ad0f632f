"""From the four colours an owner chooses to every colour of a page, all of them readable.

The four are chosen by hand and refused when a text on them could not be read; the rest follow from them, moved in
lightness where a mixture alone would not do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from menu_pages.themes.colours import ENOUGH, contrast, luminance, mix, nearest_readable, nearest_to, readable

# Option → the custom property of static/css/tokens.css it sets.
COLOURS = {"accent": "--accent", "background": "--paper", "text": "--ink", "surface": "--surface"}
COLOUR_TITLES = {
    "accent": _("Accent: buttons and marks"),
    "background": _("Background"),
    "text": _("Text"),
    "surface": _("Surface: fields and cards"),
}
# What a button's label may be written in.
LABELS = ("background", "surface", "text")
# 3:1 for shapes that must be seen, such as a field's border (WCAG 1.4.11).
ENOUGH_FOR_SHAPES = 3.0
DARK = 0.18  # A background of less luminance than this wants light texts.
GOOD, WARN = {False: "#1f7a45", True: "#6fce95"}, {False: "#8a5a00", True: "#f0bd5a"}
SHADOWS = {
    False: "0 1px 2px rgb(30 25 20 / 6%), 0 6px 20px rgb(30 25 20 / 8%)",
    True: "0 1px 2px rgb(0 0 0 / 40%), 0 6px 20px rgb(0 0 0 / 40%)",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A colour on which, or in which, a text could not be read."""

    name: str  # the option to change
    colour: str
    against: str
    ratio: float
    nearest: str | None

    @property
    def message(self) -> str:
        """For the owner, at the field."""
        if self.nearest is None:
            return gettext(
                "No shade of this colour reads well both on the background and on the surface. Choose these two closer "
                "to each other."
            )
        return gettext("The text would be hard to read: contrast %(ratio)s of the 4.5 needed. The nearest is:") % {
            "ratio": _floored(self.ratio)
        }

    @property
    def technical(self) -> str:
        """For the author of a theme."""
        advice = f"; {self.nearest} would do" if self.nearest else ""
        return (
            f"{self.name} {self.colour} has a contrast of {_floored(self.ratio)} with {self.against}, below 4.5{advice}"
        )


def problems(colours: Mapping[str, str], changed: frozenset[str] = frozenset()) -> list[Problem]:
    """Where a text would stay below 4.5 : 1: the text on background and surface, a button's label on the accent.

    Of two colours that do not go together the one in `changed` is named; of two changed ones the text.
    """
    found = _text_problems(colours, changed)
    label = label_on(colours)
    if not found and not readable(colours["accent"], [label]):
        found.append(_accent_problem(colours, label))
    return found


def label_on(colours: Mapping[str, str]) -> str:
    """A button's label: of the other three colours the one that reads best on the accent."""
    return max((colours[name] for name in LABELS), key=lambda colour: contrast(colour, colours["accent"]))


def properties(colours: Mapping[str, str]) -> dict[str, Any]:
    """Custom properties for the whole page, from four colours that have no `problems`."""
    paper, ink, surface, accent = (colours[name] for name in ("background", "text", "surface", "accent"))
    dark = luminance(paper) < DARK
    tint = _readable_ground(mix(ink, paper, 0.06), ink, paper)
    grounds = [paper, surface, tint]
    warn_soft = _readable_ground(mix(WARN[dark], paper, 0.12), ink, paper)
    return {
        "color-scheme": "dark" if dark else "light",
        "--paper": paper,
        "--surface": surface,
        "--tint": tint,
        "--ink": ink,
        "--muted": _readable(mix(ink, paper, 0.68), grounds, ink),
        "--line": mix(ink, paper, 0.14),
        "--outline": _readable(mix(ink, paper, 0.5), [paper, surface], ink, ENOUGH_FOR_SHAPES),
        "--accent": accent,
        "--accent-ink": label_on(colours),
        "--accent-text": _readable(accent, grounds, ink),
        "--accent-soft": _readable_ground(mix(accent, paper, 0.1), ink, paper),
        "--good": _readable(GOOD[dark], grounds, ink),
        "--warn": _readable(WARN[dark], [paper], ink),
        "--warn-soft": warn_soft,
        "--plate-ink": mix(ink, paper, 0.45),
        "--shadow": SHADOWS[dark],
    }


def _text_problems(colours: Mapping[str, str], changed: frozenset[str]) -> list[Problem]:
    grounds = ("background", "surface")
    failing = [name for name in grounds if not readable(colours["text"], [colours[name]])]
    if not failing:
        return []
    blamed = [name for name in failing if name in changed]
    if "text" in changed or not blamed:
        problem = _problem(colours, "text", *(colours[name] for name in grounds))
        if problem.nearest or not blamed:
            return [problem]
    return [_problem(colours, name, colours["text"]) for name in blamed or failing]


def _problem(colours: Mapping[str, str], name: str, *others: str) -> Problem:
    colour = colours[name]
    worst = min(others, key=lambda other: contrast(colour, other))
    return Problem(name, colour, worst, contrast(colour, worst), nearest_readable(colour, others))


def _accent_problem(colours: Mapping[str, str], label: str) -> Problem:
    """An accent may become darker under a light label or lighter under a dark one, whichever is nearer."""
    accent = colours["accent"]
    nearest = nearest_to(accent, (nearest_readable(accent, [colours[name]]) for name in LABELS))
    return Problem("accent", accent, label, contrast(accent, label), nearest)


def _readable(colour: str, grounds: list[str], ink: str, least: float = ENOUGH) -> str:
    """The colour, moved until it reads on the grounds; the text's own colour, which does, where it cannot."""
    return nearest_readable(colour, grounds, least) or ink


def _readable_ground(ground: str, ink: str, paper: str) -> str:
    """A tinted ground for texts; the background itself where the tint would make them hard to read."""
    return ground if readable(ink, [ground]) else paper


def _floored(ratio: float) -> str:
    """One decimal, never rounded up to what it does not reach."""
    return f"{int(ratio * 10) / 10:.1f}"
