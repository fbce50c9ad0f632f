"""Ids that a request to the admin carries must be ids of what its user may work on.

Wagtail checks most of them itself, and says by its answer which exist: a refusal here and a title there. These checks
run before its views and answer 404 for all that is not the user's, in the path, in the query and in the body alike.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Page, UploadedFile
from wagtail.permissions import policy_registry

from accounts.admin_gate import check_ids
from menu_pages.permissions import pages_to_walk, pages_to_work_on, pictures_to_choose

BULK_ACTIONS = {
    ("wagtailcore", "page"): frozenset({"delete", "move", "publish", "unpublish"}),
    ("menu_pages", "menuimage"): frozenset({"delete", "add_to_collection"}),
}

# Where a page's id may stand, whatever the view.
PAGE_KWARGS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
PAGE_QUERY = (
    "target_pages[]",
    "target_pages",
    "parent_page_id",
    "child_of",
    "descendant_of",
    "ancestor_of",
    "translation_of",
)
PAGE_BODY = ("new_parent_page", "parent_page", "chooser")
# Views that say `pk` and mean a page or a picture.
PAGE_BY_PK = frozenset({"wagtailadmin_pages:revisions_compare", "wagtailadmin_api:pages:detail"})
PICTURE_BY_PK = frozenset({"wagtailimages_chooser:chosen"})
# Views that walk the tree: the page above all places of an organisation with several is theirs to pass through.
WALKS = frozenset(
    {
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_api:pages:listing",
        "wagtailadmin_api:pages:detail",
    }
)


@check_ids
def page_ids(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    name = _view_name(request)
    found = {
        *(kwargs[key] for key in PAGE_KWARGS if key in kwargs),
        *(value for key in PAGE_QUERY for value in request.GET.getlist(key)),
        *(value for key in PAGE_BODY for value in _body(request, key)),
    }
    if name in PAGE_BY_PK:
        found.add(kwargs["pk"])
    # An empty value is a field left blank; «root» is how the side bar asks for the top of the user's own tree.
    _all_in(found - {"", "root"}, pages_to_walk if name in WALKS else pages_to_work_on, request.user)


@check_ids
def picture_ids(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    found = {kwargs["image_id"]} if "image_id" in kwargs else set()
    if _view_name(request) in PICTURE_BY_PK:
        found.add(kwargs["pk"])
    _all_in(found, pictures_to_choose, request.user)
    if "uploaded_file_id" in kwargs:
        _all_in({kwargs["uploaded_file_id"]}, _uploads_of, request.user)


@check_ids
def bulk_ids(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """One view for every model and action, with ids in the query: a list of them, or all children of a page."""
    if _view_name(request) != "wagtail_bulk_action":
        return
    model = (kwargs["app_label"], kwargs["model_name"])
    if kwargs["action"] not in BULK_ACTIONS.get(model, ()):
        raise Http404
    ids, parents = set(request.GET.getlist("id")), set(request.GET.getlist("childOf"))
    if model == ("menu_pages", "menuimage"):
        _all_in(ids - {"all"}, pictures_to_choose, request.user)
        return
    # «All» without a parent is all of the installation; the page above several places is not one's own to act on.
    if "all" in ids and not parents - {""}:
        raise Http404
    _all_in((ids - {"all"}) | (parents - {""}), pages_to_work_on, request.user)


@check_ids
def edited_together(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """Wagtail tells who else edits a thing of any model there is; the product has only pages edited together."""
    if _view_name(request) != "wagtailadmin_editing_sessions:ping":
        return
    if (kwargs["app_label"], kwargs["model_name"]) != ("wagtailcore", "page"):
        raise Http404
    _all_in({kwargs["object_id"]}, pages_to_work_on, request.user)


@check_ids
def start_of_choosing(request: HttpRequest, kwargs: Mapping[str, Any]) -> HttpResponse | None:
    """Choosing a page starts at the top of the user's own tree; Wagtail would start above every organisation's."""
    if _view_name(request) != "wagtailadmin_choose_page":
        return None
    root = policy_registry.get_by_type(Page).explorable_root_instance(request.user)
    if root is None:
        raise Http404
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("wagtailadmin_choose_page_child", args=[root.pk]) + query)


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _body(request: HttpRequest, key: str) -> list[str]:
    return request.POST.getlist(key) if request.method == "POST" else []


def _uploads_of(user: Any) -> QuerySet[Any]:
    return UploadedFile.objects.filter(uploaded_by_user=user)


def _number(value: Any) -> int:
    """The id as a number; what is none, or is too long to be one, is no id of anything."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _all_in(ids: Iterable[Any], own: Callable[[Any], QuerySet[Any]], user: Any) -> None:
    """Raise `Http404` unless each id is one of `own`. One query; none without ids."""
    numbers = {_number(value) for value in ids}
    if numbers and own(user).filter(pk__in=numbers).count() != len(numbers):
        raise Http404
