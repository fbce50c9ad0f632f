"""The list of every page a search engine may find: an index of parts, each of a bounded length."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.query import PageQuerySet

from menu_pages.models import CategoryPage, DishPage, HomePage, PlacePage

# The protocol allows 50,000 in a file; a shorter one is made in less than a second.
PAGES_IN_PART = 5_000
MOST_PARTS = 1_000
HOUR = 3600


@require_safe
@cache_control(public=True, max_age=HOUR)
def index(request: HttpRequest) -> HttpResponse:
    """Which parts there are. Two queries."""
    count = -(-_pages().count() // PAGES_IN_PART) or 1
    parts = [settings.SITE_URL + reverse("sitemap_part", args=[number]) for number in range(1, count + 1)]
    return _xml("menu_pages/sitemap_index.xml", {"parts": parts})


@require_safe
@cache_control(public=True, max_age=HOUR)
def part(request: HttpRequest, number: int) -> HttpResponse:
    """The addresses of one part, the front page in the first; 404 past the last. Three queries."""
    start = max(number - 1, 0) * PAGES_IN_PART
    pages = list(_pages()[start : start + PAGES_IN_PART]) if number <= MOST_PARTS else []
    if number == 0 or (not pages and number != 1):
        raise Http404
    hidden = tuple(_hidden_paths())
    rows = [(settings.SITE_URL + "/", None)] if number == 1 else []
    rows += [(_address(page), page.last_published_at) for page in pages if not page.path.startswith(hidden)]
    return _xml("menu_pages/sitemap.xml", {"rows": rows})


def _pages() -> PageQuerySet:
    """Published pages of menus, in an order that does not change when others come."""
    pages = Page.objects.live().type(PlacePage, CategoryPage, DishPage).filter(depth__gt=_home_depth())
    return pages.order_by("pk").only("path", "url_path", "last_published_at", "content_type")


def _home_depth() -> int:
    return HomePage.objects.values_list("depth", flat=True).first() or 0


def _hidden_paths() -> list[str]:
    """Unpublished places and categories: what is below them is on nobody's menu."""
    return list(Page.objects.type(PlacePage, CategoryPage).filter(live=False).values_list("path", flat=True))


def _address(page: Page) -> str:
    # As `ThemedPage.href`, without loading each page's own table.
    return settings.SITE_URL + "/" + "".join(f"{part}/" for part in page.url_path.strip("/").split("/")[1:])


def _xml(template: str, context: dict[str, object]) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), content_type="application/xml; charset=utf-8")
