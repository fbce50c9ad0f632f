from celery import shared_task

from accounts.attempts import counting
from accounts.letters import sending
from accounts.people import invitations
from accounts.registration import registering
from accounts.scope import everyone


@shared_task
def send_letter(letter_id: int) -> None:
    """Send a letter that has just been written."""
    sending.deliver(letter_id)


@shared_task
def send_waiting_letters() -> None:
    """Send what could not be sent at once."""
    sending.sweep()


@shared_task
def forget_what_is_over() -> None:
    """Delete sign-ups nobody confirmed, invitations long over, and counts of wrong passwords that are a day old."""
    with everyone():
        registering.forget_old()
        invitations.forget_old()
    counting.forget_old()
