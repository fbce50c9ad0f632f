"""Letters go out after the commit, by the worker, and are tried again while the mail server is away.

A letter is a row written in the transaction of what it tells of: nobody who signs up waits for a mail server, and none
that is down loses a letter. Where letters end in a folder, the console or memory there is nothing to wait for, and they
go at once.
"""

import datetime
import logging
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from accounts.letters.models import Letter
from accounts.letters.writing import write
from accounts.models.user import User

logger = logging.getLogger(__name__)

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# A letter taken for sending by a worker that died is another's after this long.
HELD_FOR = datetime.timedelta(minutes=5)
FIRST_WAIT = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(hours=1)
# By then the link in it is of no use, and the reader has asked for another.
GIVEN_UP_AFTER = datetime.timedelta(hours=48)
SWEEP_AT_ONCE = 200


def send_later(*, template: str, to: str, language: str, context: dict[str, Any]) -> Letter:
    """Write the letter now and send it once the transaction has committed."""
    written = write(template, language, context)
    letter = Letter.objects.create(to=to, **written._asdict())
    transaction.on_commit(partial(_set_off, letter.pk))
    return letter


def language_of(user: User | None) -> str:
    """The language a person chose; else that of the page being answered, else the service's."""
    chosen = user.language if user else ""
    return chosen or translation.get_language() or settings.LANGUAGE_CODE


def deliver(letter_id: int) -> bool:
    """Try to send a letter that is due, and forget it once it has gone; says whether it has.

    At most one worker tries at a time. A worker that dies between sending and forgetting makes the letter come twice,
    never not at all.
    """
    now = timezone.now()
    due = Letter.objects.filter(pk=letter_id, next_try_at__lte=now)
    if not due.update(next_try_at=now + HELD_FOR, tries=F("tries") + 1):
        return False
    letter = Letter.objects.get(pk=letter_id)
    message = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[letter.to])
    message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        _try_again_later(letter, error)
        return False
    letter.delete()
    return True


def sweep() -> int:
    """Send what is due and was not sent, the oldest first; returns how many letters went."""
    due = Letter.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at")
    return sum(deliver(letter_id) for letter_id in due.values_list("pk", flat=True)[:SWEEP_AT_ONCE])


def _try_again_later(letter: Letter, error: Exception) -> None:
    if timezone.now() - letter.created_at > GIVEN_UP_AFTER:
        logger.error("Letter %s is given up after %s tries: %s", letter.pk, letter.tries, error)
        letter.delete()
        return
    wait = min(FIRST_WAIT * 2 ** min(letter.tries - 1, 16), LONGEST_WAIT)
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now() + wait)
    logger.warning("Letter %s did not go, trying again in %s: %s", letter.pk, wait, error)


def _set_off(letter_id: int) -> None:
    if settings.EMAIL_BACKEND != SMTP:
        deliver(letter_id)
        return
    from accounts.tasks import send_letter

    try:
        send_letter.delay(letter_id)
    except OperationalError:
        logger.warning("The queue is away; letter %s goes with the next sweep.", letter_id)
