"""Places with orders by the thousand, made by the database itself; PostgreSQL only."""

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F, Max
from wagtail.models import Collection, Locale, Page

from accounts.models import Organisation
from menu_pages.models import CategoryPage, DishPage, HomePage, PlacePage, PlaceRecord

DISHES = 40
DAYS = 365
TABLES = 15

# Two orders a visit, spread evenly over the year; every fiftieth is cancelled, every thirty-first has no table.
VISITS = """
    INSERT INTO orders_visit (public_id, started_at, end_reason, sharing, sharing_questions, place_id)
    SELECT 'v' || place || '-' || number, now(), '', '', 0, place
    FROM unnest(%(places)s) AS place, generate_series(0, (%(orders)s - 1) / 2) AS number
"""
ORDERS = """
    INSERT INTO orders_order (public_id, place_id, business_day, number, status, cancel_reason, comment, currency,
        purchases, items, total, sent_at, idempotency_key, payload_sha256, session_id, payment, table_label, till_id,
        waiter)
    SELECT 'o' || place || '-' || number, place, day, number,
        CASE WHEN number %% 50 = 0 THEN 'cancelled' ELSE 'closed' END, '', '', 'RUB',
        1, 1, 0, day + make_interval(hours => 8 + number * 7 %% 14, mins => number %% 60),
        'k' || place || '-' || number, '', 'v' || place || '-' || (number - 1) / 2, '',
        CASE WHEN number %% 31 = 0 THEN '' ELSE (1 + number * 13 %% %(tables)s)::text END, '', ''
    FROM unnest(%(places)s) AS place, generate_series(1, %(orders)s) AS number,
        LATERAL (SELECT %(until)s::date - (number - 1) / 2 * 2 * %(days)s / %(orders)s AS day) AS days
"""
# 2 to 5 lines an order, 3.5 on average, of some dishes more often than of others.
LINES = """
    WITH menu AS MATERIALIZED (
        SELECT place.id AS place_id, dish.id, dish.title, 90 + 17 * number AS price, number
        FROM wagtailcore_page place
            JOIN wagtailcore_page dish ON dish.path LIKE place.path || '%%' AND dish.depth = place.depth + 2,
            LATERAL (SELECT split_part(dish.title, ' ', 2)::int AS number) AS numbers
        WHERE place.id = ANY(%(places)s)
    )
    INSERT INTO orders_basket (key, position, title, options, note, quantity, unit_price, options_price, created_at,
        dish_id, place_id, order_id, session_id, category)
    SELECT position, position, dish.title, '[]', '', 1 + (o.id * 7 + position) %% 11 / 9, dish.price,
        (o.id + position) %% 5 / 4 * 35.50, o.sent_at, dish.id, o.place_id, o.id, o.session_id, ''
    FROM orders_order o, generate_series(0, 1 + o.number %% 4) AS position,
        LATERAL (SELECT (hashint8(o.id * 10 + position) & 1048575) / 1048576.0 AS luck) AS lucky, menu dish
    WHERE o.place_id = ANY(%(places)s) AND dish.place_id = o.place_id
        AND dish.number = floor(luck * luck * %(dishes)s)::int
"""
TOTALS = """
    UPDATE orders_order o SET purchases = l.purchases, items = l.items, total = l.total
    FROM (SELECT order_id, count(*) AS purchases, sum(quantity) AS items,
              sum(quantity * (unit_price + options_price)) AS total
          FROM orders_basket WHERE place_id = ANY(%(places)s) GROUP BY order_id) AS l
    WHERE l.order_id = o.id
"""


def make_places(count: int) -> list[int]:
    """So many places, each of an organisation of its own, with a menu of DISHES; returns their ids."""
    home = HomePage.objects.get()
    collection = Collection.get_first_root_node()
    numbers = range(home.numchild + 1, home.numchild + 1 + count)
    with transaction.atomic():
        organisations = Organisation.objects.bulk_create(
            Organisation(name=f"Company {number}", slug=f"company-{number}") for number in numbers
        )
        places = _add_pages(PlacePage, [(home, number, f"Place {number}") for number in numbers], hours=[])
        PlaceRecord.objects.bulk_create(
            PlaceRecord(place_id=place.pk, organisation=organisation, collection=collection)
            for place, organisation in zip(places, organisations, strict=True)
        )
        kitchens = _add_pages(CategoryPage, [(place, 1, "Kitchen") for place in places])
        dishes = [(kitchen, number, f"Dish {number}") for kitchen in kitchens for number in range(DISHES)]
        _add_pages(DishPage, dishes, price=100, option_groups=[])
    return [place.pk for place in places]


def make_orders(places: list[int], *, each: int, until: datetime.date) -> None:
    """So many orders for each of the places, the last of them on `until`."""
    told = {"places": places, "orders": each, "until": until, "days": DAYS, "tables": TABLES, "dishes": DISHES}
    with transaction.atomic(), connection.cursor() as cursor:
        # What the rows refer to is there: looking each of them up would take most of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (VISITS, ORDERS, LINES, "ANALYZE orders_order, orders_basket", TOTALS):
            cursor.execute(statement, told)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _add_pages(model: Any, wanted: list[tuple[Page, int, str]], **fields: Any) -> list[Any]:
    """Published pages, each its parent's child of that number, without what saving a page does beside."""
    content_type, locale = ContentType.objects.get_for_model(model), Locale.get_default()
    shared = {"content_type": content_type, "locale": locale, "live": True}
    first = (Page.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    pages = [
        Page(
            pk=first + count,
            title=title,
            draft_title=title,
            slug=f"{model._meta.model_name}-{number}",
            path=model._get_path(parent.path, parent.depth + 1, number + 1),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}{model._meta.model_name}-{number}/",
            **shared,
        )
        for count, (parent, number, title) in enumerate(wanted)
    ]
    Page.objects.bulk_create(pages, batch_size=2000)
    parents = {parent.pk for parent, _number, _title in wanted}
    Page.objects.filter(pk__in=parents).update(numchild=F("numchild") + len(wanted) // len(parents))
    children = [model(page_ptr=page, **fields) for page in pages]
    model._base_manager.all()._insert(children, fields=model._meta.local_concrete_fields, using=connection.alias)
    return pages
