"""What a reader's home screen is made of, in one word that differs whenever the screen would.

Asked for at every look at the screen, most of which end in the cache, so it is one statement in plain SQL: to put five
questions with Django's tools takes several times as long as the database needs to answer them.
"""

import hashlib
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.users.models import UserProfile

MOST_PLACES = 200
MOST_STOPPED = 500

# Rows of a kind and its words. Those of a place stand for all that is drawn of it: its name and address, its menu, its
# desk (orders and calls), the last run of the figures, its tables.
MADE_OF = """
    WITH mine AS (
        SELECT organisation_id, role FROM accounts_membership WHERE user_id = %s
    ), places AS (
        SELECT r.place_id, r.organisation_id, r.currency, {record} AS words
        FROM menu_pages_placerecord r JOIN wagtailcore_page page ON page.id = r.place_id
        WHERE r.organisation_id IN (SELECT organisation_id FROM mine)
        ORDER BY r.place_id LIMIT {most_places}
    ), beside AS (
        SELECT words,
            (SELECT version FROM orders_deskstate d WHERE d.place_id = places.place_id) AS desk,
            (SELECT computed_at FROM analytics_placestatistics s WHERE s.place_id = places.place_id
                ORDER BY day DESC LIMIT 1) AS counted,
            (SELECT computed_at FROM analytics_organisationstatistics s
                WHERE s.organisation_id = places.organisation_id AND s.currency = places.currency
                ORDER BY day DESC LIMIT 1) AS together,
            (SELECT COUNT(*) FROM menu_pages_table t WHERE t.place_id = places.place_id AND t.in_use) AS tables
        FROM places
    ), stopped AS (
        SELECT {entry} AS words
        FROM places
            JOIN menu_pages_stoplistentry e ON e.place_id = places.place_id
            JOIN wagtailcore_page dish ON dish.id = e.dish_id
        WHERE e.lifted_at IS NULL AND (e.until IS NULL OR e.until > %s)
        ORDER BY e.id LIMIT {most_stopped}
    ), edited AS (
        SELECT id FROM wagtailcore_pagelogentry WHERE user_id = %s ORDER BY id DESC LIMIT 1
    )
    SELECT 'role', {role} FROM mine
    UNION ALL SELECT 'place', {beside} FROM beside
    UNION ALL SELECT 'stopped', words FROM stopped
    UNION ALL SELECT 'edited', CAST(id AS text) FROM edited
    UNION ALL SELECT 'profile', {profile} FROM wagtailusers_userprofile WHERE user_id = %s
"""


def home_key(request: HttpRequest) -> str:
    """Under what the reader's page at this address, in this language, is kept. One query."""
    user: Any = request.user
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [user.pk, now, user.pk, user.pk])
        rows = sorted(cursor.fetchall())
    address = (request.get_host(), request.get_full_path(), get_language())
    made_of = (user.pk, str(user), user.last_login, *address, rows)
    return f"home-{hashlib.sha256(repr(made_of).encode()).hexdigest()}"


def _text(*columns: str) -> str:
    """Columns of any kind as one text; nobody types the sign that parts them."""
    return " || '\x1f' || ".join(f"COALESCE(CAST({column} AS text), '')" for column in columns)


STATEMENT = MADE_OF.format(
    most_places=MOST_PLACES,
    most_stopped=MOST_STOPPED,
    role=_text("organisation_id", "role"),
    record=_text(
        *("r.place_id", "r.menu_version", "r.currency", "r.time_zone", "r.day_starts_at"),
        *("page.title", "page.slug", "page.live", "page.last_published_at"),
    ),
    beside=_text("words", "desk", "counted", "together", "tables"),
    entry=_text("e.id", "e.until", "e.reason", "dish.title"),
    profile=_text(*(field.column for field in UserProfile._meta.concrete_fields)),
)
