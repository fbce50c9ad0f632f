"""The pages of the service desk: the board of orders and calls, the plan of tables, a table, the stop-list."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.permissions import organisation_ids
from accounts.roles import Capability
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.permissions import place_or_404
from menu_pages.vocabulary import Acceptance
from orders.desk import board as desk_board
from orders.desk.answers import MemberRequest, begin, page
from orders.desk.failures import print_failures
from orders.desk.narrowing import read_narrowing, remembered_narrowing
from orders.desk.plan import read_plan, read_table, summary
from orders.desk.stop_list import read_stop_list


@login_required
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The desks the user may open; the only one opens itself."""
    records = PlaceRecord.objects.select_related("place").filter(place__live=True).order_by("place__title")
    if not request.user.is_superuser:
        records = records.filter(organisation_id__in=organisation_ids(request.user, Capability.ORDERS))
    places = [record.place for record in records[:200]]
    if len(places) == 1:
        return redirect("desk:board", places[0].slug)
    return render(request, "orders/desk/index.html", {"places": places})


@login_required
@never_cache
@require_safe
def board(request: MemberRequest, place_slug: str) -> HttpResponse:
    """The board; the first desk of the staff's that gets an order writes that down."""
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    context = begin(request, place)
    narrowing = read_narrowing(place, request.GET)
    columns = desk_board.read_board(
        place,
        narrowing,
        serves_tables=context["serves_tables"],
        # The service's operator looks in; that puts an order before nobody.
        puts_before_staff=request.method == "GET" and not request.user.is_superuser,
    )
    return page(
        request,
        place,
        "_board",
        {
            **context,
            "narrowing": narrowing,
            "columns": columns,
            "questions": desk_board.questions(place, narrowing) if context["serves_tables"] else [],
            "failures": print_failures(place, narrowing.stations),
        },
    )


@login_required
@never_cache
@require_safe
def plan(request: MemberRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.DESK)
    context = begin(request, place)
    narrowing = read_narrowing(place, request.GET)
    tiles = read_plan(place, narrowing)
    return page(
        request,
        place,
        "_plan",
        {
            **context,
            "narrowing": narrowing,
            "tiles": tiles,
            "summary": summary(tiles),
            "news": desk_board.news(place, narrowing, serves_tables=True),
        },
    )


@login_required
@never_cache
@require_safe
def table(request: MemberRequest, place_slug: str, number: int) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.DESK)
    context = begin(request, place)
    opened = read_table(place, number)
    if opened is None:
        raise Http404
    # Where a tap of the staff is what lets orders through, a party that only scanned can still be vouched for.
    to_confirm = (
        opened.seating is not None
        and opened.seating.opened_by_id is None
        and place.record.acceptance == Acceptance.AT_ONCE_SEATED
    )
    news = _news_elsewhere(request, place, serves_tables=True)
    return page(request, place, "_table", {**context, "opened": opened, "to_confirm": to_confirm, "news": news})


@login_required
@never_cache
@require_safe
def stop_list(request: MemberRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    context = begin(request, place)
    found = read_stop_list(place, words=request.GET.get("q", ""), page=request.GET.get("p", ""))
    news = _news_elsewhere(request, place, serves_tables=context["serves_tables"])
    return page(request, place, "_stop_list", {**context, "found": found, "news": news})


def _news_elsewhere(request: MemberRequest, place: PlacePage, *, serves_tables: bool) -> list[str]:
    """What a page rings by that is not narrowed itself: the device says which part of the place it looks at."""
    narrowing = remembered_narrowing(place, request.headers.get("X-View", ""))
    return desk_board.news(place, narrowing, serves_tables=serves_tables)
