"""What people do, one class for each column of the matrix: prepared in peace, done in trouble, and looked for in the
database afterwards."""

import datetime
from abc import ABC, abstractmethod
from email.message import Message
from typing import Any, ClassVar

from django.conf import settings

from analytics.models import DishSales, HourSales, OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics
from menu_pages.models import MenuImage
from orders.models import BasketLine, Order, OutboxEvent, OutboxKind, Session, WaiterCall
from tests.analytics.recount import recount
from tests.factories.guests import Guest, guest_at
from tests.factories.histories import Check, Line, make_history
from tests.factories.menu_files import picture_file
from tests.factories.menus import table_of
from tests.factories.people import PASSWORD
from tests.faults.matrix.browsing import Answer
from tests.faults.matrix.world import World

TOKEN = "t" * 32
MORNING = datetime.date(2026, 6, 20)
STATISTICS = (PlaceDay, HourSales, DishSales, OrganisationDay, PlaceStatistics, OrganisationStatistics)


class Journey(ABC):
    """One column. `ask` may be repeated as it is: people press again."""

    # Whether doing it again is told from doing it once.
    repeatable: ClassVar[bool] = True

    def __init__(self, world: World, *, on_killable: bool = False) -> None:
        self.world = world
        self.on_killable = on_killable
        self.prepare()

    @abstractmethod
    def prepare(self) -> None: ...

    @abstractmethod
    def ask(self) -> Answer: ...

    @abstractmethod
    def assert_done(self, answer: Answer) -> None:
        """The answer is that of a good day, and the database has what it says, once."""

    @abstractmethod
    def assert_nothing_done(self) -> None:
        """The database is as it was before."""

    def assert_degraded(self, answer: Answer) -> None:
        self.assert_done(answer)

    def assert_clean_error(self, answer: Answer) -> None:
        assert answer.status == 503, answer.text[:3000]
        assert "One moment, please" in answer.text
        assert "Try again" in answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert "Traceback" not in answer.text


class OfGuest(Journey):
    """A guest at a table, with one dish in the basket."""

    guest: Guest

    def prepare(self) -> None:
        self.guest = self.world.guest()
        self.guest.add(self.world.dish)
        self.browser = self.world.browser_of(self.guest, on_killable=self.on_killable)

    @property
    def events(self) -> Any:
        return OutboxEvent.objects.filter(order__visit=self.guest.visit)


class Browse(OfGuest):
    def ask(self) -> Answer:
        return self.browser.get("/teahouse/")

    def assert_done(self, answer: Answer) -> None:
        assert (answer.status, "Borshch" in answer.text) == (200, True)
        assert f"Table {self.guest.state.table_number}" in answer.text
        self.assert_nothing_done()

    def assert_degraded(self, answer: Answer) -> None:
        assert (answer.status, "Borshch" in answer.text) == (200, True)
        assert f"Table {self.guest.state.table_number}" not in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        self.assert_nothing_done()

    def assert_nothing_done(self) -> None:
        assert self.guest.quantities == {"soups/borshch": 1}


class Basket(OfGuest):
    repeatable = False

    def ask(self) -> Answer:
        added = self.browser.post("/teahouse/basket/add/", dish="soups/borshch", quantity="2")
        return self.browser.get("/teahouse/basket/") if added.status == 303 else added

    def assert_done(self, answer: Answer) -> None:
        assert (answer.status, "Borshch" in answer.text) == (200, True)
        assert self.guest.quantities == {"soups/borshch": 3}

    def assert_nothing_done(self) -> None:
        assert self.guest.quantities == {"soups/borshch": 1}


class SendOrder(OfGuest):
    def prepare(self) -> None:
        super().prepare()
        self.key = self.guest.state.order_key

    def ask(self) -> Answer:
        return self.browser.post("/teahouse/order/", idempotency_key=self.key)

    def assert_done(self, answer: Answer) -> None:
        order = Order.objects.get(visit=self.guest.visit)
        assert (answer.status, answer.headers["Location"]) == (303, f"/teahouse/orders/{order.public_id}/")
        assert (order.idempotency_key, order.total, order.lines.count()) == (self.key, self.world.dish.price, 1)
        assert [event.kind for event in self.events] == [OutboxKind.ORDER_SENT]
        assert self.guest.quantities == {}

    def assert_degraded(self, answer: Answer) -> None:
        """The worker is gone."""
        self.assert_done(answer)
        board = self.world.browser_of(self.world.charlie).get("/staff/teahouse/")
        assert Order.objects.get(visit=self.guest.visit).public_id in board.text
        assert self.events.get().relayed_at is None
        assert self.world.hand.do("relay") == 0
        assert self.events.get().relayed_at is not None

    def assert_nothing_done(self) -> None:
        assert not Order.objects.filter(visit=self.guest.visit).exists()
        assert not BasketLine.objects.filter(visit=self.guest.visit, order__isnull=False).exists()
        assert self.guest.quantities == {"soups/borshch": 1}

    def assert_clean_error(self, answer: Answer) -> None:
        super().assert_clean_error(answer)
        # Pressing the page's button sends the same order.
        assert f'name="idempotency_key" value="{self.key}"' in answer.text


class Status(OfGuest):
    def prepare(self) -> None:
        super().prepare()
        self.guest.send()
        self.order = Order.objects.get(visit=self.guest.visit)

    def ask(self) -> Answer:
        return self.browser.get(f"/teahouse/orders/{self.order.public_id}/")

    def assert_done(self, answer: Answer) -> None:
        assert (answer.status, "Borshch" in answer.text) == (200, True)
        self.assert_nothing_done()

    def assert_nothing_done(self) -> None:
        self.order.refresh_from_db()
        assert (self.order.status, self.order.history.count()) == ("sent", 1)


class Call(OfGuest):
    def ask(self) -> Answer:
        return self.browser.post("/teahouse/call/", kind="come")

    def assert_done(self, answer: Answer) -> None:
        assert (answer.status, answer.headers["Location"].endswith("#call")) == (303, True)
        assert [call.kind for call in self.calls] == ["come"]

    def assert_degraded(self, answer: Answer) -> None:
        """The worker is gone."""
        self.assert_done(answer)
        asked = OutboxEvent.objects.filter(kind=OutboxKind.CALL_ASKED).order_by("-pk")
        assert asked[0].relayed_at is None
        assert self.world.hand.do("relay") == 0
        assert asked.all()[0].relayed_at is not None

    def assert_nothing_done(self) -> None:
        assert list(self.calls) == []

    @property
    def calls(self) -> Any:
        return WaiterCall.objects.filter(visit=self.guest.visit)


class Desk(Journey):
    def prepare(self) -> None:
        guest = guest_at(table_of(self.world.place, next(self.world.tables)))
        guest.add(self.world.dish)
        guest.send()
        self.order = Order.objects.get(visit=guest.visit)
        self.browser = self.world.browser_of(self.world.charlie, on_killable=self.on_killable)
        self.browser.cookies["csrftoken"] = TOKEN

    def ask(self) -> Answer:
        board = self.browser.get("/staff/teahouse/")
        if board.status != 200:
            return board
        assert self.order.public_id in board.text
        return self.browser.post(f"/staff/teahouse/orders/{self.order.public_id}/move/", to="accepted")

    def assert_done(self, answer: Answer) -> None:
        assert answer.status in (302, 303), answer.text[:3000]
        self.order.refresh_from_db()
        assert [step.after for step in self.order.history.order_by("pk")] == ["sent", "accepted"]
        assert self.world.browser_of(self.world.charlie).get("/staff/teahouse/pulse/?since=0").status == 200

    def assert_nothing_done(self) -> None:
        self.order.refresh_from_db()
        assert [step.after for step in self.order.history.all()] == ["sent"]


class Admin(Journey):
    """The moderator's home, and a picture uploaded."""

    repeatable = False

    def prepare(self) -> None:
        MenuImage.objects.filter(title="New").delete()
        self.browser = self.world.browser_of(self.world.alice, on_killable=self.on_killable)
        self.browser.cookies["csrftoken"] = TOKEN

    def ask(self) -> Answer:
        home = self.browser.get("/admin/")
        if home.status != 200:
            return home
        assert "Teahouse" in home.text
        collection = str(self.world.place.record.collection_id)
        fields = {"title": "New", "collection": collection}
        return self.browser.upload("/admin/images/add/", "file", picture_file("navy"), **fields)

    def assert_done(self, answer: Answer) -> None:
        assert answer.status == 302, answer.text[:3000]
        image = MenuImage.objects.get(title="New")
        assert (self.world.media / image.file.name).stat().st_size > 0

    def assert_nothing_done(self) -> None:
        assert not MenuImage.objects.filter(title="New").exists()

    def assert_clean_error(self, answer: Answer) -> None:
        if answer.status != 200:
            super().assert_clean_error(answer)
            return
        # The form again, with its words beside the field.
        assert "The file cannot be kept" in answer.text
        assert 'name="title"' in answer.text


class SignIn(Journey):
    def prepare(self) -> None:
        Session.objects.filter(user=self.world.charlie).delete()
        self.browser = self.world.browser({"csrftoken": TOKEN}, on_killable=self.on_killable)

    def ask(self) -> Answer:
        return self.browser.post("/accounts/login/", login="charlie@example.com", password=PASSWORD)

    def assert_done(self, answer: Answer) -> None:
        assert answer.status == 302, answer.text[:3000]
        key = self.browser.cookies[settings.SESSION_COOKIE_NAME]
        assert [row.session_key for row in Session.objects.filter(user=self.world.charlie)] == [key]

    def assert_nothing_done(self) -> None:
        assert not Session.objects.filter(user=self.world.charlie).exists()

    def assert_clean_error(self, answer: Answer) -> None:
        super().assert_clean_error(answer)
        assert PASSWORD not in answer.text


class Nightly(Journey):
    """The run of a morning long gone, so that nothing of today is in it."""

    def prepare(self) -> None:
        for table in STATISTICS:
            table.objects.all().delete()
        if not Order.objects.filter(place=self.world.place, sent_at__date__lt=MORNING).exists():
            noon = datetime.datetime.combine(MORNING - datetime.timedelta(days=3), datetime.time(12))
            make_history(self.world.place, [Check(noon, [Line("Soup", 2, "90.05")]), Check(noon, [Line("Tea")])])

    job: ClassVar[tuple[str, ...]] = ("count", datetime.datetime(2026, 6, 20, 9, tzinfo=datetime.UTC).isoformat())

    def ask(self) -> Answer:
        return self.answer(self.world.hand.do(*self.job))

    def answer(self, status: int) -> Answer:
        return Answer(status, "", Message())  # type: ignore[arg-type]

    def assert_done(self, answer: Answer) -> None:
        assert answer.status == 0
        assert PlaceStatistics.objects.get().figures == recount(self.world.place, MORNING)
        assert PlaceDay.objects.count() == 1

    def assert_clean_error(self, answer: Answer) -> None:
        assert answer.status == 1

    def assert_degraded(self, answer: Answer) -> None:
        assert answer.status != 0
        self.assert_nothing_done()

    def assert_nothing_done(self) -> None:
        assert not PlaceStatistics.objects.exists()


JOURNEYS: dict[str, type[Journey]] = {
    "browse": Browse,
    "basket": Basket,
    "order": SendOrder,
    "status": Status,
    "call": Call,
    "desk": Desk,
    "admin": Admin,
    "sign-in": SignIn,
    "nightly": Nightly,
}
