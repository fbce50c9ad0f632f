"""What search engines are asked to leave alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Menus are public and worth finding; a basket, an order or the desk is nobody's search result.
RULES = """User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /staff/
Disallow: /api/
Disallow: /*/basket/
Disallow: /*/orders/
Disallow: /*?table=
"""


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """The rules as plain text, the same for everyone; no queries."""
    rules = f"{RULES}Sitemap: {settings.SITE_URL}/sitemap.xml\n"
    return HttpResponse(rules, content_type="text/plain; charset=utf-8")
