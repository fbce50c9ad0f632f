"""Free addresses for pages the board makes or moves."""

from wagtail.models import Page

from menu_pages.models import CategoryPage
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS, readable_slug


def free_address(parent: Page, title: str, *, kind: type[Page], also: Page | None = None) -> str:
    """A readable address that nothing below `parent` has (nor below `also`): «shchi», then «shchi-2»…"""
    fallback = "category" if kind is CategoryPage else "dish"
    stem = readable_slug(title, fallback=fallback)
    taken = set(RESERVED_CATEGORY_SLUGS) if kind is CategoryPage else set()
    for page in filter(None, (parent, also)):
        taken |= set(page.get_children().filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
