"""The moderators' bulk changes: dishes chosen on the menu board, a look at what would change, applying, undoing."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages import turns
from menu_pages.bulk import changes
from menu_pages.bulk.forms import BulkForm
from menu_pages.bulk.looking import DishPriceTooLargeError
from menu_pages.bulk.tables import change_rows, figures_of, left_rows
from menu_pages.bulk.words import title_of
from menu_pages.models import BulkAction, BulkChange, BulkStatus, PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest

LATEST = 20
ROWS_A_PAGE = 100


@require_GET
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """The latest bulk changes of the place, where each can be looked at and undone."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    latest = BulkChange.objects.filter(place=place).select_related("by").defer("items", "unchanged")[:LATEST]
    rows = [(change, title_of(change)) for change in latest]
    return render(request, "menu_pages/bulk/index.html", {"place": place, "rows": rows, "zone": place.record.zone})


@require_POST
def prepare(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Look at what the change would do; input that is wrong is asked for again with the choice kept."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    form = BulkForm(request.POST, place=place)
    if form.is_valid():
        data = form.cleaned_data
        try:
            change = changes.prepare_change(
                place=place, dishes=data["dish"], action=BulkAction(data["action"]), rule=form.rule, by=request.user
            )
        except DishPriceTooLargeError as error:
            form.add_error("percent", gettext("The new price of “%(dish)s” is too large.") % {"dish": error})
        else:
            return _to(place, change)
    return render(request, "menu_pages/bulk/again.html", {"place": place, "bulk_form": form}, status=422)


@require_GET
@never_cache
def detail(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """The look, the progress or the result, as far as the change has come; the script asks for the progress alone."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    change = _change_or_404(place, public_id)
    context: dict[str, Any] = {
        "place": place,
        "change": change,
        "undone_by": BulkChange.objects.filter(undoes=change).first(),
    }
    if request.headers.get("X-Fragment") == "progress":
        # Over: the script is to load the whole page, with the result.
        status = 200 if change.in_progress else 409
        return render(request, "menu_pages/bulk/_progress.html", context, status=status)
    currency, priced = place.record.currency, change.action == BulkAction.PRICES
    started = change.status != BulkStatus.READY
    items = change.changed_items() if started else change.items
    left = [*change.skipped, *change.unchanged]
    items_page, left_page = _page(items, request, "p"), _page(left, request, "left")
    context |= {
        "title": title_of(change),
        "priced": priced,
        "figures": figures_of(items, left, currency, priced=priced),
        "items": items_page,
        "rows": change_rows(items_page.object_list, currency, priced=priced),
        "left": left_page,
        "left_rows": left_rows(left_page.object_list, currency, priced=priced),
    }
    return render(request, "menu_pages/bulk/detail.html", context)


@require_POST
def apply(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """Apply a change that was looked at, or go on with one that stopped."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    change = _change_or_404(place, public_id)
    try:
        changes.start_change(change)
    except (turns.AnotherRunsError, turns.QueueAwayError) as error:
        _say(request, error)
    return _to(place, change)


@require_POST
def give_up(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    changes.give_up(_change_or_404(place, public_id))
    return redirect("board:index", place.slug)


@require_POST
def undo(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """Make the reverse change; its own page says how far it came."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    change = _change_or_404(place, public_id)
    try:
        return _to(place, changes.undo_change(change, by=request.user))
    except changes.NothingToUndoError:
        messages.warning(request, gettext("There is nothing to undo."))
    except (turns.AnotherRunsError, turns.QueueAwayError) as error:
        _say(request, error)
    return _to(place, change)


def _change_or_404(place: PlacePage, public_id: UUID) -> BulkChange:
    found: BulkChange | None = BulkChange.objects.filter(place=place, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _to(place: PlacePage, change: BulkChange) -> HttpResponse:
    response = redirect("bulk:detail", place.slug, change.public_id)
    response.status_code = 303
    return response


def _say(request: ModeratorRequest, error: turns.AnotherRunsError | turns.QueueAwayError) -> None:
    if isinstance(error, turns.AnotherRunsError):
        messages.warning(request, gettext("Another change is being applied to this menu. Wait until it is done."))
    else:
        messages.error(
            request, gettext("The background worker cannot be reached. Nothing was changed; try again in a minute.")
        )


def _page(rows: list[Any], request: ModeratorRequest, parameter: str) -> Any:
    """A page of the rows by the number in the address; a number that makes no sense is the nearest that does."""
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get(parameter))
