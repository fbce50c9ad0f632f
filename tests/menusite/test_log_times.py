"""Lines of several machines can be put in order."""

import datetime
import json
import logging

from menusite.logs import JsonLines


def test_a_line_says_its_time_in_utc() -> None:
    record = logging.makeLogRecord({"name": "orders", "levelname": "WARNING", "msg": "late", "created": 1795201511.25})

    written = json.loads(JsonLines().format(record))["time"]

    moment = datetime.datetime.fromisoformat(written)
    assert moment.utcoffset() == datetime.timedelta(0)
    assert moment.timestamp() == 1795201511.25
