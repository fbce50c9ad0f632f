"""A whole installation from SQLite to the database of the tests, and what a move refuses."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from menusite import moving
from menusite.moving import Moved, MoveError, move
from menusite.tables import figures_of, read_rows, stored_models
from orders.models import Order
from tests.factories.guests import guest_at, ordered
from tests.factories.menus import make_category, make_dish, make_place
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sequences_as_they_were(db: None) -> Iterator[None]:
    """A move sets PostgreSQL's sequences, which no rollback sets back: later tests' rows would have ids of before."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, COALESCE(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
        )
        before = cursor.fetchall()
    yield
    with connection.cursor() as cursor:
        for name, value, is_called in before:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', value, is_called])


def opened(path: Path) -> BaseDatabaseWrapper:
    told = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    settings = connections.configure_settings({"default": connection.settings_dict, "trial": told})["trial"]
    database: BaseDatabaseWrapper = load_backend(told["ENGINE"]).DatabaseWrapper(settings, alias="trial")
    return database


@pytest.fixture(scope="module")
def new_trial(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Path:
    """An SQLite file with every table of the product, as migrations would leave it but for rows."""
    path: Path = tmp_path_factory.mktemp("trial") / "new.sqlite3"
    database = connections["trial"] = opened(path)
    with django_db_blocker.unblock():
        with database.constraint_checks_disabled(), database.schema_editor() as editor:
            for model in apps.get_models():
                if model in stored_models():
                    editor.create_model(model)
        recorder = MigrationRecorder(database)
        recorder.ensure_schema()
        for app, name in MigrationRecorder(connection).applied_migrations():
            recorder.record_applied(app, name)
        database.close()
    del connections["trial"]
    return path


@pytest.fixture
def trial(new_trial: Path, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    database = opened(Path(shutil.copy(new_trial, tmp_path / "trial.sqlite3")))
    connections["trial"] = database
    yield database
    database.close()
    del connections["trial"]


def heard(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> dict[str, Moved]:
    told: dict[str, Moved] = {}
    move(source=source, target=target, told=lambda moved: told.update({moved.table: moved}))
    return told


def fill(trial: BaseDatabaseWrapper) -> Order:
    """Put an evening at Alice's teahouse into the trial, and leave nothing of it behind here."""
    with transaction.atomic():
        place = make_place(make_user("alice@example.com"), "Чайная «Ёж»")
        dish = make_dish(make_category(place, "Soups"), "Borscht", price="390.50")
        order = ordered(guest_at(Table.objects.get(place=place, number=7)), dish)
        heard(connection, trial)
        transaction.set_rollback(True)
    return order


def test_every_row_arrives_and_life_goes_on(trial: BaseDatabaseWrapper) -> None:
    sent = fill(trial)
    assert Order.objects.count() == 0

    said = StringIO()
    call_command("move_database", f"sqlite:///{trial.settings_dict['NAME']}", stdout=said)

    order = Order.objects.get()
    assert (order.public_id, order.total, order.sent_at) == (sent.public_id, sent.total, sent.sent_at)
    assert PlacePage.objects.get().title == "Чайная «Ёж»"
    assert DishPage.objects.get().get_latest_revision_as_object().price == DishPage.objects.get().price
    *tables, last = said.getvalue().splitlines()
    assert ["1", "orders_order"] in [line.split()[::2] for line in tables]
    assert len(tables) == len(stored_models()) > 90
    assert last == "Moved: every row is the same on both sides."
    # Numbers go on where they ended.
    assert make_user("bob@example.com").pk > User.objects.get(email="alice@example.com").pk


def test_a_target_in_use_is_left_alone(trial: BaseDatabaseWrapper) -> None:
    fill(trial)
    make_user("bob@example.com")

    with pytest.raises(MoveError, match="not empty: accounts_user has rows"):
        heard(trial, connection)

    assert [user.email for user in User.objects.all()] == ["bob@example.com"]


def test_databases_of_two_versions_are_not_mixed(trial: BaseDatabaseWrapper) -> None:
    MigrationRecorder(trial).record_unapplied("orders", "0001_initial")

    with pytest.raises(MoveError, match=r"differ in orders\.0001_initial"):
        heard(trial, connection)


def test_a_row_that_changed_on_the_way_undoes_the_move(
    trial: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = fill(trial)
    write = moving._write

    def careless(target: BaseDatabaseWrapper, model: type, rows: object) -> None:
        write(target, model, rows)  # type: ignore[arg-type]
        if model is Order:
            with target.cursor() as cursor:
                cursor.execute("UPDATE orders_order SET total = total + 0.01")

    monkeypatch.setattr(moving, "_write", careless)

    with pytest.raises(MoveError, match=f"orders_order differs after copying: .* not the same: {sent.pk}"):
        heard(trial, connection)

    assert Order.objects.count() == 0


def test_the_checksum_sees_a_cent_and_not_the_order_of_rows(trial: BaseDatabaseWrapper) -> None:
    fill(trial)
    rows = list(read_rows(trial, Order))
    permissions = apps.get_model("auth.Permission")
    some = list(read_rows(connection, permissions))

    before = figures_of(rows, Order)
    with trial.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total = total + 0.01")

    assert figures_of(read_rows(trial, Order), Order) != before
    assert figures_of(some, permissions) == figures_of(reversed(some), permissions)


def test_a_source_that_names_no_database_is_refused() -> None:
    with pytest.raises(CommandError, match=r"DATABASE_URL is 'menu\.sqlite3'"):
        call_command("move_database", "menu.sqlite3")
