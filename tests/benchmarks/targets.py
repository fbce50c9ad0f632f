"""What is promised: the rows that every run of the benchmarks answers, each with what it asks for."""

from enum import Enum


class Target(Enum):
    """A heading of docs/benchmarks.md, and what stands under it."""

    KEPT_PAGE = (
        "Menu page of 80 dishes, kept, through the production server",
        (
            "from memory ≥ 0.8 × the same server’s Django hello without middleware, through Redis ≥ 0.5 ×; 95 % within "
            "10 ms at 16 connections; no SQL beyond what the guest’s own session needs; ≥ 100 × the index of Wagtail’s "
            "bakerydemo, uncached"
        ),
    )
    MICRO_CACHE = ("The same behind nginx, guests without a visit", "≥ 0.9 × a file that nginx serves")
    DRAWN_PAGE = (
        "Menu page, drawn anew",
        "≤ 10 queries for any number of dishes; ≤ 20 ms of the processor for 80 dishes with pictures",
    )
    FIRST_VIEW = (
        "First view on a phone",
        (
            "Lighthouse 100, LCP ≤ 1.2 s, TBT ≤ 50 ms, CLS 0; HTML, CSS, JavaScript and fonts ≤ 60 KB compressed, "
            "pictures above the fold ≤ 120 KB, JavaScript ≤ 5 KB"
        ),
    )
    ADDING = ("Adding to the basket", "≤ 8 queries, ≥ 300/s")
    SENDING = (
        "Sending an order: order, 4 lines, outbox, history",
        "≥ 0.8 × a bare ORM transaction of the same rows; 95 % within 60 ms at 8 clients",
    )
    DESK = (
        "Service desk with 300 open lines",
        "an event reaches each of 50 desks within 1 s; a desk at rest costs one cheap query a second at most",
    )
    NIGHT = (
        "Nightly run over a million orders",
        "≤ 1.5 × SQL written by hand; linear in places; a place in which nothing moved costs nothing",
    )
    HOME = (
        "Moderator’s home screen",
        "≤ 150 ms uncached, ≤ 10 ms cached; ≤ 0.4 MB compressed; charts drawn within 1 s",
    )
    BOARD = ("Menu board of 150 dishes", "≤ 1 s of server time")
    CODES = ("200 QR codes as PNG", "≤ 1.5 s")
    IMPORTS = (
        "Imports",
        "a menu of 1,000 dishes ≤ 60 s, 75,000 lines of orders ≤ 45 s on PostgreSQL, guests unaffected meanwhile",
    )
    STARTING = (
        "`make run`",
        "≤ 3 min from a fresh clone, ≤ 15 s later; ≤ 600 MB of memory in all",
    )
    SCALE = (
        "1,000 places of 80 dishes in one installation (`make bench-scale`)",
        "a place’s page, the explorer and publishing cost the same as with 10 places (± 20 %)",
    )
    COSTS = ("What requests cost the processor", "no target of its own: docs/scaling.md reckons with these")
    OTHER = ("Besides", "not promised, but looked at")

    @property
    def heading(self) -> str:
        return self.value[0]

    @property
    def promise(self) -> str:
        return self.value[1]
