"""Pictures as pages show them: the renditions that are there. None is ever made while a guest waits."""

from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import Filter

from menu_pages.renditions import FORMATS, spec, specs

FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
NO_PICTURE = SafeString("")


class Made(NamedTuple):
    """A rendition: what of the picture it is, its file's name in store, its size in pixels."""

    spec: str
    file: str
    width: int
    height: int

    @property
    def url(self) -> str:
        from menu_pages.models import MenuRendition

        return str(MenuRendition._meta.get_field("file").storage.url(self.file))


class ShownPicture(tuple[Made, ...]):
    """A picture's renditions that are there; of none it is false, and the page shows what stands in for a picture."""

    __slots__ = ()

    def one(self, size: str, image_format: str) -> Made | None:
        return next((made for made in self if made.spec == spec(size, image_format)), None)

    def sizes(self, *names: str) -> dict[str, dict[str, Made]]:
        """Of the named sizes those that are there in every format, each with its renditions by format."""
        made = {rendition.spec: rendition for rendition in self}
        found = {name: {form: made.get(spec(name, form)) for form in FORMATS} for name in names}
        return {name: by_format for name, by_format in found.items() if all(by_format.values())}  # type: ignore[misc]


NONE_YET = ShownPicture()


def read_pictures(image_ids: Iterable[int], *sizes: str) -> dict[int, ShownPicture]:
    """What can be shown of the pictures with these ids, in `sizes` (all, if none is named). One query."""
    from menu_pages.models import MenuRendition

    rows = MenuRendition.objects.filter(image_id__in=set(image_ids), filter_spec__in=specs(*sizes)).values_list(
        "image_id", "focal_point_key", "filter_spec", "file", "width", "height", *(f"image__{name}" for name in FOCUS)
    )
    right: dict[int, dict[str, Made]] = {}
    older: dict[int, dict[str, Made]] = {}
    for image_id, key, filter_spec, file, width, height, *focus in rows:
        # Where the owner has just moved the middle of the picture, the old cut is shown until the new one is made.
        kept = right if key == _focal_point_key(filter_spec, tuple(focus)) else older
        kept.setdefault(image_id, {})[filter_spec] = Made(filter_spec, file, width, height)
    return {
        image_id: ShownPicture((older.get(image_id, {}) | right.get(image_id, {})).values())
        for image_id in older.keys() | right.keys()
    }


def attach_pictures(dishes: Iterable[Any], *sizes: str) -> None:
    """Gives each dish `shown_picture`: what is there of its picture in these sizes. One query."""
    found = read_pictures((dish.picture_id for dish in dishes if dish.picture_id), *sizes)
    for dish in dishes:
        dish.shown_picture = found.get(dish.picture_id, NONE_YET)


def show_pictures(*images: Any) -> None:
    """Read what can be shown of these pictures (None among them is fine) in one query instead of one for each."""
    waiting = [image for image in images if image is not None and "shown" not in image.__dict__]
    found = read_pictures(image.pk for image in waiting) if waiting else {}
    for image in waiting:
        image.__dict__["shown"] = found.get(image.pk, NONE_YET)


def shown(image: Any) -> ShownPicture:
    """What can be shown of a picture; one query, none after `show_pictures`."""
    show_pictures(image)
    found: ShownPicture = image.__dict__["shown"]
    return found


def forget_shown(image: Any) -> None:
    """Have the picture read again."""
    image.__dict__.pop("shown", None)


@lru_cache(maxsize=4096)
def picture_tag(
    picture: ShownPicture, names: tuple[str, ...], sizes: str = "", alt: str = "", *, eager: bool = False
) -> SafeString:
    """A `<picture>` of the named sizes, smallest first; empty when none of them is there yet.

    Width and height keep the page from jumping. A rendition's file never changes, so the tag may be kept.
    """
    ready = picture.sizes(*names)
    if not ready:
        return NO_PICTURE
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((form, _candidates(ready, form), sizes or "100vw") for form in FORMATS[:-1]),
    )
    fallback = next(iter(ready.values()))[FORMATS[-1]]
    return format_html(
        '<picture>{}<img src="{}" width="{}" height="{}" alt="{}"{}></picture>',
        sources,
        fallback.url,
        fallback.width,
        fallback.height,
        alt,
        SafeString(' fetchpriority="high"' if eager else ' loading="lazy" decoding="async"'),
    )


def _candidates(ready: dict[str, dict[str, Made]], form: str) -> str:
    # A picture smaller than the size asked for is not blown up: its own width is said, and said once.
    by_width = {by_format[form].width: by_format[form].url for by_format in ready.values()}
    return ", ".join(f"{url} {width}w" for width, url in sorted(by_width.items()))


@lru_cache(maxsize=1024)
def _focal_point_key(filter_spec: str, focus: tuple[int | None, ...]) -> str:
    """By what Wagtail tells apart the cuts of one picture around different middles."""
    return str(Filter(spec=filter_spec).get_cache_key(SimpleNamespace(**dict(zip(FOCUS, focus, strict=True)))))
