"""The business day and the length of a time, in the SQL of either database."""

import datetime
from typing import Any

from django.db import connection

from analytics.dialect import on_postgresql


def business_day(moment: str, record: str) -> str:
    """The place's day a moment belongs to, as `PlaceRecord.business_day` has it; `record` names its record's row."""
    if on_postgresql():
        return f"CAST({moment} AT TIME ZONE {record}.time_zone - CAST({record}.day_starts_at AS interval) AS date)"
    clock = f"{moment}, {record}.time_zone, 'UTC'"
    before = f"django_datetime_cast_time({clock}) < {record}.day_starts_at"
    return f"date(django_datetime_cast_date({clock}), CASE WHEN {before} THEN '-1 day' ELSE '+0 day' END)"


def midnights_around(first: datetime.date, end: datetime.date) -> list[Any]:
    """Two moments that hold every moment of these business days, `end` not among them, as the database compares them:
    business days reach over the calendar's by a time zone and a late start."""
    days = (first - datetime.timedelta(days=1), end + datetime.timedelta(days=2))
    moments = (datetime.datetime.combine(day, datetime.time(), datetime.UTC) for day in days)
    return [connection.ops.adapt_datetimefield_value(moment) for moment in moments]


def whole_seconds(beginning: str, end: str) -> str:
    """Whole seconds between two moments; none when the second is the earlier one."""
    if on_postgresql():
        milliseconds = f"CAST(ROUND(EXTRACT(EPOCH FROM {end} - {beginning}) * 1000) AS bigint)"
    else:
        milliseconds = f"CAST(ROUND((julianday({end}) - julianday({beginning})) * 86400000) AS integer)"
    return f"(CASE WHEN {end} > {beginning} THEN {milliseconds} / 1000 ELSE 0 END)"


def text_in_json(column: str, key: str) -> str:
    if on_postgresql():
        return f"({column} ->> '{key}')"
    return f"JSON_EXTRACT({column}, '$.{key}')"
