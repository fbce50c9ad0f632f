"""Letters: one template each, plain and HTML, sent after the commit and again while the server is away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as project
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.letters import mailbox as mailbox_pages
from accounts.letters import sending
from accounts.letters.writing import write
from accounts.models import Letter, User
from accounts.tasks import send_waiting_letters
from menusite.environment import read_environment
from tests.factories.letters import html, plain
from tests.factories.registering import FORM, Committing, Post, browser
from tests.factories.smtp import PostOffice

TEMPLATES = sorted(
    str(path.relative_to(project.BASE_DIR / "templates"))
    for folder in ("account", "mfa")
    for path in (project.BASE_DIR / "templates" / folder / "email").glob("[a-z]*.html")
    if path.name != "letter.html"
)
CONTEXT = {
    "site_name": "menusite",
    "site_url": "https://menu.example",
    "activate_url": "https://menu.example/confirm?a=1&b=2",
    "password_reset_url": "https://menu.example/reset",
    "signup_url": "https://menu.example/sign-up",
    "from_email": "old@example.com",
    "to_email": "new@example.com",
    "deleted_email": "gone@example.com",
    "hours": 48,
    "ip": "192.0.2.1",
    "timestamp": timezone.now(),
}


def test_every_letter_allauth_sends_here_is_ours() -> None:
    names = {Path(template).stem for template in TEMPLATES}

    assert names == {
        "account_already_exists",
        "email_changed",
        "email_confirmation",
        "email_confirmation_signup",
        "email_deleted",
        "password_changed",
        "password_reset",
        "password_reset_key",
        "password_set",
        "recovery_codes_generated",
        "totp_activated",
        "totp_deactivated",
        "unknown_account",
    }


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_letter_says_the_same_plain_and_in_html(template: str, language: str) -> None:
    subject, text, page = write(template, language, CONTEXT)

    assert 0 < len(subject) < 80
    assert len(text.splitlines()) >= 3
    assert f'<html lang="{language}">' in page
    assert "<table" not in page
    assert "src=" not in page
    assert "&amp;" not in text
    assert "<" not in text


def test_plain_text_has_links_on_lines_of_their_own() -> None:
    text = write("account/email/email_confirmation_signup.html", "en", CONTEXT).text

    assert text == (
        "One step is left\n\n"
        "Confirm this address, and your place opens with a menu to begin with.\n\n"
        "Confirm the e-mail:\nhttps://menu.example/confirm?a=1&b=2\n\n"
        "The link works for 48 hours.\n\n"
        "If you did not ask for it, do nothing: without you nothing will happen.\n"
    )


def test_a_name_with_signs_of_html_stays_a_name() -> None:
    context = {**CONTEXT, "to_email": '"<b>x</b>"@example.com'}

    written = write("account/email/email_changed.html", "en", context)

    assert '"<b>x</b>"@example.com' in written.text
    assert "<b>x</b>" not in written.html


def send(to: str = "dana@example.com") -> Letter:
    return sending.send_later(
        template="account/email/email_confirmation_signup.html", to=to, language="en", context=CONTEXT
    )


def due_now() -> None:
    Letter.objects.update(next_try_at=timezone.now())


@pytest.mark.django_db
def test_nothing_goes_before_the_commit(
    post_office: PostOffice, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send()
        assert post_office.letters == []

    (letter,) = post_office.letters
    assert letter["From"] == project.DEFAULT_FROM_EMAIL
    assert letter.get_content_type() == "multipart/alternative"
    assert "Confirm the e-mail" in plain(letter)
    assert "Confirm the e-mail" in html(letter)
    assert Letter.objects.count() == 0


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_told(
    post_office: PostOffice, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send()
        transaction.set_rollback(True)

    assert (post_office.letters, Letter.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_letter_waits_longer_after_each_try_and_is_given_up_in_the_end(
    post_office: PostOffice, settings: LazySettings, django_capture_on_commit_callbacks: Committing
) -> None:
    settings.EMAIL_PORT = 1
    with django_capture_on_commit_callbacks(execute=True):
        send()
    waits = []
    for _ in range(8):
        waits.append(round((Letter.objects.get().next_try_at - timezone.now()) / timedelta(seconds=30)))
        due_now()
        assert sending.sweep() == 0

    assert waits == [1, 2, 4, 8, 16, 32, 64, 120]
    Letter.objects.update(created_at=timezone.now() - timedelta(hours=49))
    due_now()
    sending.sweep()
    assert Letter.objects.count() == 0


@pytest.mark.django_db
def test_a_letter_that_is_not_due_stays(post_office: PostOffice) -> None:
    letter = send()
    Letter.objects.update(next_try_at=timezone.now() + timedelta(minutes=1))

    assert sending.deliver(letter.pk) is False
    assert send_waiting_letters() is None
    assert post_office.letters == []


@pytest.mark.django_db
def test_a_letter_that_has_gone_is_not_sent_twice(post_office: PostOffice) -> None:
    letter = send()

    assert sending.deliver(letter.pk) is True
    assert sending.deliver(letter.pk) is False
    assert len(post_office.letters) == 1


@pytest.mark.django_db
def test_a_sweep_sends_everything_that_is_due(post_office: PostOffice) -> None:
    for n in range(20):
        send(f"reader{n}@example.com")

    assert sending.sweep() == 20
    assert [letters[0] for letters in post_office.envelopes] == [f"reader{n}@example.com" for n in range(20)]


@pytest.fixture
def mailbox(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_the_embedded_default_writes_letters_to_a_folder_and_shows_them(post: Post, mailbox: Path) -> None:
    post(browser(), "/accounts/signup/", **FORM)
    (file,) = mailbox.iterdir()

    listed = browser().get("/mailbox/").content.decode()
    opened = browser().get(f"/mailbox/{file.stem}/").content.decode()
    framed = browser().get(f"/mailbox/{file.stem}/html/")

    assert f'href="/mailbox/{file.stem}/"' in listed
    assert "dana@example.com" in listed
    assert "One step is left" in opened
    assert 'rel="nofollow">http://testserver/accounts/confirm-email/' in opened
    assert '<base target="_top">' in framed.content.decode()
    assert framed["Content-Security-Policy"].startswith("sandbox allow-top-navigation-by-user-activation;")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    link = opened.split('<a href="http://testserver')[1].split('"')[0]
    assert "Yes, confirm" in browser().get(link).content.decode()


@pytest.mark.parametrize(
    "name", ["", "20261121-144133-1/", "..%2F..%2Fetc%2Fpasswd/", "passwd/", "20261121-144133-1/html/"]
)
@pytest.mark.parametrize("closed", [{"DEBUG": False}, {"EMAIL_BACKEND": sending.SMTP}])
def test_there_is_no_mailbox_elsewhere(
    db: None, mailbox: Path, settings: LazySettings, closed: dict[str, Any], name: str
) -> None:
    for setting, value in closed.items():
        setattr(settings, setting, value)

    assert Client().get(f"/mailbox/{name}").status_code == 404


def test_a_name_that_is_no_letter_opens_nothing(db: None, mailbox: Path) -> None:
    (mailbox.parent / "secret.log").write_text("Subject: secret")

    statuses = [
        Client().get(f"/mailbox/{name}/").status_code for name in ("secret", "..%2Fsecret", "20261121-000000-1")
    ]

    assert statuses == [404, 404, 404]


@pytest.mark.django_db
def test_a_reader_without_a_chosen_language_reads_that_of_the_page(alice: User) -> None:
    assert (sending.language_of(alice), sending.language_of(None)) == ("en", "en")
    alice.language = "ru"
    assert sending.language_of(alice) == "ru"


def test_without_a_mail_server_debug_writes_letters_to_a_folder(tmp_path: Path) -> None:
    email = read_environment({"DEBUG": "1"}, base=tmp_path).email

    assert (email["EMAIL_BACKEND"], email["EMAIL_FILE_PATH"]) == (
        mailbox_pages.FILES,
        str(tmp_path / "var" / "mailbox"),
    )
    assert read_environment({"SECRET_KEY": "s" * 50}, base=tmp_path).email["EMAIL_BACKEND"] == sending.SMTP


def test_links_live_two_days_unless_told_otherwise(tmp_path: Path) -> None:
    lives = [
        read_environment({"DEBUG": "1", **given}, base=tmp_path).email_confirmation_hours
        for given in ({}, {"EMAIL_CONFIRMATION_HOURS": "6"})
    ]

    assert lives == [48, 6]
