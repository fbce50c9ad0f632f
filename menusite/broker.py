"""Whether the queue of tasks can be reached, asked by those who must not wait for it."""

from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

# A probe that waits longer is itself a failure.
ANSWER_SECONDS = 0.3
QUEUE = "celery"


def broker_answers() -> bool:
    """Whether it does within `ANSWER_SECONDS`; files of this machine always do."""
    url = str(settings.CELERY_BROKER_URL)
    if url.startswith(("redis://", "rediss://", "unix://")):
        return queue_length() is not None
    if url.startswith(("amqp://", "amqps://")):
        try:
            with Connection(url, connect_timeout=ANSWER_SECONDS) as connection:
                connection.connect()
        except (OperationalError, OSError):
            return False
    return True


def queue_length() -> int | None:
    """How many tasks wait in Redis; None when it does not answer, or when the queue is somewhere else."""
    url = str(settings.CELERY_BROKER_URL)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return None
    try:
        with Redis.from_url(url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS) as redis:
            return int(redis.llen(QUEUE))
    except RedisError:
        return None
