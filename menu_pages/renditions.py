"""Every size a picture is made in, listed once: templates draw these and nothing else is ever made."""

FORMATS = ("avif", "webp", "jpeg")

# name → (filter, width, height). Names are what templates ask for.
SIZES: dict[str, tuple[str, int, int]] = {
    "card": ("fill-360x360", 360, 360),
    "card-large": ("fill-720x720", 720, 720),
    "dish": ("fill-800x600", 800, 600),
    "dish-large": ("fill-1600x1200", 1600, 1200),
    "cover": ("fill-800x320", 800, 320),
    "cover-large": ("fill-1200x480", 1200, 480),
    "logo": ("max-240x240", 240, 240),
    "thumbnail": ("fill-180x180", 180, 180),
}
CARD_SIZES = ("thumbnail", "card", "card-large")


def spec(size: str, image_format: str) -> str:
    """Wagtail's name of a rendition; the order of its parts matters, since renditions are found by this string."""
    return f"format-{image_format}|{SIZES[size][0]}"


def specs(*sizes: str) -> list[str]:
    return [spec(size, image_format) for size in (sizes or tuple(SIZES)) for image_format in FORMATS]
