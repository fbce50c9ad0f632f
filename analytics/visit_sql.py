"""The statements behind `analytics.visit_facts`: each counts many days of many places at once."""

from typing import Final

from analytics.business_days import business_day, whole_seconds
from analytics.dialect import cents
from analytics.models import LostKind, Measure
from orders.models import EventKind, OrderStatus

# What each action says about how far a visit came; 4 is an order that was not cancelled.
STEPS: Final = {
    EventKind.CATEGORY_OPENED: 1,
    EventKind.NOTHING_FOUND: 1,
    EventKind.DISH_OPENED: 2,
    EventKind.SOLD_OUT_OPENED: 2,
    EventKind.DISH_ADDED: 3,
    EventKind.DISH_REMOVED: 3,
}
ORDERED: Final = 4
CHOSEN: Final = 3

# The visits of the days asked for, from those that began near them.
NEAR = """
    near AS (
        SELECT * FROM (
            SELECT v.id, v.public_id, v.place_id, {visit_day} AS day,
                CASE WHEN v.seated_at IS NULL THEN 0 ELSE 1 END AS scanned,
                COALESCE(
                    (SELECT theme_after FROM menu_pages_themeinstallation i
                        WHERE i.place_id = v.place_id AND i.at <= v.started_at ORDER BY i.id DESC LIMIT 1),
                    (SELECT theme_before FROM menu_pages_themeinstallation i
                        WHERE i.place_id = v.place_id ORDER BY i.id LIMIT 1),
                    r.theme
                ) AS theme
            FROM orders_visit v JOIN menu_pages_placerecord r ON r.place_id = v.place_id
            WHERE v.place_id IN {places} AND v.started_at >= %s AND v.started_at < %s
        ) AS visits
        WHERE day >= %s AND day < %s
    )
"""
VISITS = """
    WITH {near}, done AS (
        SELECT near.id, MAX(CASE e.kind {steps} ELSE 0 END) AS step
        FROM near JOIN orders_guestevent e ON e.visit_id = near.id
        GROUP BY near.id
    ), basket AS (
        SELECT near.id, MAX(CASE WHEN o.status <> '{cancelled}' THEN {ordered} ELSE {chosen} END) AS step,
            MAX(CASE WHEN b.order_id IS NULL THEN 1 ELSE 0 END) AS abandoned,
            SUM(CASE WHEN b.order_id IS NULL THEN b.quantity * {price} ELSE 0 END) AS money
        FROM near
            JOIN orders_basket b ON b.session_id = near.public_id
            LEFT JOIN orders_order o ON o.id = b.order_id
        GROUP BY near.id
    ), come AS (
        SELECT near.place_id, near.day, near.theme, near.scanned, basket.abandoned, basket.money,
            near.scanned * CASE WHEN COALESCE(basket.step, 0) > COALESCE(done.step, 0) THEN basket.step
                ELSE COALESCE(done.step, 0) END AS step
        FROM near LEFT JOIN done ON done.id = near.id LEFT JOIN basket ON basket.id = near.id
    )
    INSERT INTO analytics_visitday
        (place_id, day, theme, scanned, opened, looked, chosen, ordered, abandoned, abandoned_money)
    SELECT place_id, day, theme, SUM(scanned), {reached}, COALESCE(SUM(abandoned), 0), COALESCE(SUM(money), 0) / 100.0
    FROM come
    GROUP BY place_id, day, theme
"""
LOST = """
    WITH {near}, wanted AS (
        SELECT near.place_id, near.day, '{sold_out}' AS kind, dish.title AS words, 1 AS times, 0 AS money
        FROM near
            JOIN orders_guestevent e ON e.visit_id = near.id AND e.kind = '{sold_out_opened}'
            JOIN wagtailcore_page dish ON dish.id = e.dish_id
        UNION ALL
        SELECT near.place_id, near.day, '{left}', b.title, b.quantity, b.quantity * {price}
        FROM near JOIN orders_basket b ON b.session_id = near.public_id AND b.order_id IS NULL
    )
    INSERT INTO analytics_lostdemand (place_id, day, kind, words, times, money)
    SELECT place_id, day, kind, words, SUM(times), SUM(money) / 100.0
    FROM wanted
    GROUP BY place_id, day, kind, words
"""
# An order is served when it was so for the last time: a step taken back was none.
TALLIES = """
    WITH measured AS (
        SELECT * FROM (
            SELECT s.place_id, {seating_day} AS day, '{at_table}' AS measure, CAST(t.number AS varchar(40)) AS label,
                {at_table_seconds} / 60 AS value
            FROM orders_seating s
                JOIN menu_pages_placerecord r ON r.place_id = s.place_id
                JOIN menu_pages_table t ON t.id = s.table_id
            WHERE s.place_id IN {places} AND s.opened_at >= %s AND s.opened_at < %s AND s.closed_at IS NOT NULL
        ) AS seated
        WHERE day >= %s AND day < %s
        UNION ALL
        SELECT * FROM (
            SELECT g.place_id, {rating_day} AS day, '{scored}' AS measure, '' AS label, g.score AS value
            FROM orders_rating g JOIN menu_pages_placerecord r ON r.place_id = g.place_id
            WHERE g.place_id IN {places} AND g.at >= %s AND g.at < %s
        ) AS rated
        WHERE day >= %s AND day < %s
        UNION ALL
        SELECT o.place_id, o.business_day, '{acknowledged}', '', {acknowledged_seconds}
        FROM orders_order o
        WHERE o.place_id IN {places} AND o.business_day >= %s AND o.business_day < %s
            AND o.history_import_id IS NULL AND o.status <> '{cancelled}' AND o.acknowledged_at IS NOT NULL
        UNION ALL
        SELECT o.place_id, o.business_day, '{served}', '', {served_seconds} / 60
        FROM orders_order o JOIN (
            SELECT c.order_id, MAX(c.at) AS at
            FROM orders_order o JOIN orders_orderstatuschange c ON c.order_id = o.id AND c.after = '{order_served}'
            WHERE o.place_id IN {places} AND o.business_day >= %s AND o.business_day < %s
            GROUP BY c.order_id
        ) AS brought ON brought.order_id = o.id
        WHERE o.history_import_id IS NULL AND o.status IN ('{order_served}', '{order_closed}')
    )
    INSERT INTO analytics_tally (place_id, day, measure, label, value, times)
    SELECT place_id, day, measure, label, value, COUNT(*)
    FROM measured
    GROUP BY place_id, day, measure, label, value
"""


def words_of(places: str) -> dict[str, object]:
    """What the statements are completed with; `places` are the placeholders of the places' ids."""
    return {
        "places": places,
        "near": NEAR.format(places=places, visit_day=business_day("v.started_at", "r")),
        "seating_day": business_day("s.opened_at", "r"),
        "rating_day": business_day("g.at", "r"),
        "at_table_seconds": whole_seconds("s.opened_at", "s.closed_at"),
        "acknowledged_seconds": whole_seconds("o.sent_at", "o.acknowledged_at"),
        "served_seconds": whole_seconds("o.sent_at", "brought.at"),
        "price": cents("b.unit_price + b.options_price"),
        "steps": " ".join(f"WHEN '{kind.value}' THEN {step}" for kind, step in STEPS.items()),
        "reached": ", ".join(f"SUM(CASE WHEN step >= {step} THEN 1 ELSE 0 END)" for step in range(1, ORDERED + 1)),
        "ordered": ORDERED,
        "chosen": CHOSEN,
        "cancelled": OrderStatus.CANCELLED.value,
        "order_served": OrderStatus.SERVED.value,
        "order_closed": OrderStatus.CLOSED.value,
        "sold_out_opened": EventKind.SOLD_OUT_OPENED.value,
        "sold_out": LostKind.SOLD_OUT.value,
        "left": LostKind.LEFT.value,
        "at_table": Measure.AT_TABLE.value,
        "scored": Measure.SCORE.value,
        "acknowledged": Measure.ACKNOWLEDGED.value,
        "served": Measure.SERVED.value,
    }
