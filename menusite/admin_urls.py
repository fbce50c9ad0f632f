"""Wagtail's admin without what this product does not use: no address, no view, nobody to guard it.

Documents, groups, collections, workflows, reports, tags, page types' usage, privacy, signed picture addresses,
Wagtail's own password recovery: each has leaked from one editor to another in some release, and organisations have an
owner and roles instead.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

LEFT_OUT_NAMESPACES = frozenset(
    {
        "wagtailadmin_collections",
        "wagtailadmin_reports",
        "wagtailadmin_workflows",
        "wagtailusers_groups",
    }
)
LEFT_OUT = frozenset(
    {
        "wagtailadmin_account",
        "wagtailadmin_api:images:detail",
        "wagtailadmin_api:images:find",
        "wagtailadmin_api:pages:action",
        "wagtailadmin_api:pages:find",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_error_test",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailimages:preview",
        "wagtailimages:url_generator",
        "wagtailimages:url_generator_output",
        "wagtailimages_chooser:select_format",
    }
)
# Wagtail's screens work out these addresses to link to, so the names stay; what is behind them does not.
NAMES_ONLY = frozenset(
    {
        "wagtailadmin_api:images:listing",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_pages:choose_parent",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:confirm_workflow_cancellation",
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_pages:type_use",
        "wagtailadmin_pages:type_use_results",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_pages:workflow_preview",
        "wagtailimages_chooser:chosen_multiple",
    }
)


def nothing_here(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


# The documents application is not installed, and still every screen works out the address of its list.
NO_DOCUMENTS = path("documents/", include(([path("", nothing_here, name="listing")], "documents")))


def kept(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterator[URLPattern | URLResolver]:
    """The patterns that stay."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            if inner not in LEFT_OUT_NAMESPACES:
                added = [NO_DOCUMENTS] if inner == "wagtailadmin_api" else []
                yield _with(pattern, [*kept(pattern.url_patterns, inner), *added])
            continue
        name = ":".join(filter(None, (namespace, pattern.name)))
        if name in NAMES_ONLY:
            yield URLPattern(pattern.pattern, nothing_here, pattern.default_args, pattern.name)
        elif name not in LEFT_OUT and str(pattern.pattern) != "test404/":
            yield pattern


def _with(resolver: URLResolver, patterns: list[Any]) -> URLResolver:
    return URLResolver(
        resolver.pattern, patterns, resolver.default_kwargs, resolver.app_name, namespace=resolver.namespace
    )


urlpatterns = list(kept(wagtailadmin_urls.urlpatterns))
# Of the public side its pages alone: its sign-in and its passwords for single pages would be doors beside allauth's.
page_patterns = [pattern for pattern in wagtail_urls.urlpatterns if pattern.name == "wagtail_serve"]
