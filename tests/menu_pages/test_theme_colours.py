"""Contrast, the nearest colour that can be read, and the palette made from four colours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menu_pages.themes.colours import (
    ENOUGH,
    contrast,
    from_oklab,
    is_hex,
    luminance,
    nearest_readable,
    readable,
    to_oklab,
)
from menu_pages.themes.palette import COLOURS, label_on, problems, properties
from menu_pages.themes.registry import all_themes

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
palettes = st.fixed_dictionaries(dict.fromkeys(COLOURS, colours))
READABLE = {"accent": "#c93820", "background": "#ffffff", "text": "#26282c", "surface": "#ffffff"}
# Every text of a page and the grounds it may stand on.
TEXTS = {
    "--ink": ("--paper", "--surface", "--tint", "--accent-soft", "--warn-soft"),
    "--muted": ("--paper", "--surface", "--tint"),
    "--accent-text": ("--paper", "--surface", "--tint"),
    "--good": ("--paper", "--surface", "--tint"),
    "--accent-ink": ("--accent",),
}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # Figures of the W3C's own examples and of WebAIM's checker.
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize(
    "value", ["#fff", "#FFFFFF", "c93820", "#c9382", "#c938200", "red", "#c9382g", "", None, 7, "#c93820\n"]
)
def test_only_six_small_hex_figures_are_a_colour(value: object) -> None:
    assert is_hex(value) is False


@given(colours)
def test_oklab_and_back_is_the_same_colour(colour: str) -> None:
    assert from_oklab(to_oklab(colour)) == colour


@settings(max_examples=200, deadline=None)
@given(colours, colours)
def test_a_readable_shade_is_always_found_and_is_the_nearest(colour: str, ground: str) -> None:
    found = nearest_readable(colour, [ground])

    assert found is not None
    assert contrast(found, ground) >= ENOUGH
    # Every shade of the same hue that is nearer, and not stepped over, cannot be read.
    start, distance = to_oklab(colour), abs(to_oklab(found).lightness - to_oklab(colour).lightness)
    for part in range(10):
        for sign in (-1, 1):
            lightness = start.lightness + sign * (distance - 0.006) * part / 10
            if distance > 0.006 and 0 <= lightness <= 1:
                assert not readable(from_oklab(start._replace(lightness=lightness)), [ground])


@given(colours, colours)
def test_a_colour_that_reads_is_left_as_it_is(colour: str, ground: str) -> None:
    if contrast(colour, ground) >= ENOUGH:
        assert nearest_readable(colour, [ground]) == colour


def test_no_shade_reads_on_grounds_too_far_apart() -> None:
    assert nearest_readable("#c93820", ["#000000", "#dddddd"]) is None


@settings(max_examples=200, deadline=None)
@given(palettes, st.frozensets(st.sampled_from(sorted(COLOURS))))
def test_problems_name_exactly_what_cannot_be_read(palette: dict[str, str], changed: frozenset[str]) -> None:
    found = problems(palette, changed)

    fine = readable(palette["text"], [palette["background"], palette["surface"]]) and readable(
        label_on(palette), [palette["accent"]]
    )
    assert (found == []) == fine
    for problem in found:
        assert problem.ratio < ENOUGH
        assert problem.message


@settings(max_examples=100, deadline=None)
@given(palettes)
def test_following_the_advice_ends_the_problems(palette: dict[str, str]) -> None:
    for _press in range(4):
        found = problems(palette, frozenset({"text"}))
        if not found:
            break
        for problem in found:
            if problem.nearest:
                palette = {**palette, problem.name: problem.nearest}
    assert (
        problems(palette) == []
        or nearest_readable(palette["text"], [palette["background"], palette["surface"]]) is None
    )


@settings(max_examples=150, deadline=None)
@given(palettes)
def test_every_text_of_an_accepted_palette_can_be_read(palette: dict[str, str]) -> None:
    if problems(palette):
        return

    made = properties(palette)

    unreadable = [
        (text, ground)
        for text, grounds in TEXTS.items()
        for ground in grounds
        if contrast(made[text], made[ground]) < ENOUGH
    ]
    assert unreadable == []
    assert contrast(made["--outline"], made["--paper"]) >= 3


def test_the_changed_colour_is_the_one_to_blame() -> None:
    pale_text = {**READABLE, "text": "#bbbbbb"}
    dark_ground = {**READABLE, "background": "#333333"}

    assert [(p.name, p.nearest) for p in problems(pale_text, frozenset({"text"}))] == [("text", "#767676")]
    (ground,) = problems(dark_ground, frozenset({"background"}))
    assert ground.name == "background"
    assert contrast(ground.nearest, READABLE["text"]) >= ENOUGH


def test_a_bright_accent_gets_a_dark_label() -> None:
    yellow = {**READABLE, "accent": "#ffd23f"}

    assert problems(yellow) == []
    assert label_on(yellow) == READABLE["text"]
    made = properties(yellow)
    assert made["--accent"] == "#ffd23f"
    assert contrast(made["--accent-text"], "#ffffff") >= ENOUGH


def test_an_accent_that_no_label_reads_on_is_refused() -> None:
    (problem,) = problems({**READABLE, "accent": "#e0563f"}, frozenset({"accent"}))

    assert problem.name == "accent"
    assert max(contrast(problem.nearest, label) for label in ("#ffffff", READABLE["text"])) >= ENOUGH


def test_dark_grounds_make_a_dark_page() -> None:
    night = {"accent": "#c8a45c", "background": "#141216", "text": "#efe7d8", "surface": "#1f1c22"}

    assert (properties(READABLE)["color-scheme"], properties(night)["color-scheme"]) == ("light", "dark")
    assert luminance(properties(night)["--tint"]) < 0.05


def test_our_own_themes_can_be_read() -> None:
    assert [(theme.slug, problems(theme.options.colours)) for theme in all_themes() if theme.options.colours] == [
        (theme.slug, []) for theme in all_themes() if theme.options.colours
    ]
