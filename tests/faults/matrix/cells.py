"""The resiliency matrix as data: what comes of what people do while something that the service needs is in trouble.

`CELLS[dependency][column]` tells for each state of the dependency, several of one outcome joined by blanks, what comes
of it: “works”, “degraded: how”, or “clean error: which”. Whatever failed cleanly works when it is tried again
afterwards, and happens once. docs/faults.md shows the same table.
"""

COLUMNS = ("browse", "basket", "order", "status", "call", "desk", "admin", "sign-in", "nightly")
DEPENDENCIES = ("cache", "broker", "postgresql", "worker", "disk", "web")

# What costs seconds of waiting for little more to see.
LEFT_TO_THE_LONG_FORM = ("refuse", "slow")
IN_EACH_RUN = (("postgresql", "browse", "slow"), ("postgresql", "order", "slow"))

NETWORK = "down refuse hang slow cut"
TRY_AGAIN = "clean error: a page that says so and tries again"
WORKS = {NETWORK: "works"}
PHONE_ASKS_AGAIN = {"killed": "works: what was under way is undone, the same request again succeeds"}
# Ten questions of a second each are more than a request may wait.
AWAY = {NETWORK: TRY_AGAIN}

CELLS: dict[str, dict[str, dict[str, str]]] = {
    "cache": dict.fromkeys(COLUMNS, WORKS),
    "broker": {
        **dict.fromkeys(COLUMNS, WORKS),
        "nightly": {"down refuse cut": "degraded: the run is not asked for; the schedule's next one makes it up"},
    },
    "postgresql": {
        **dict.fromkeys(COLUMNS, AWAY),
        "browse": {
            "down refuse hang cut": "degraded: the menu as it was kept, without table and basket",
            "slow": "works: late",
        },
        "nightly": {
            "down refuse cut": "clean error: nothing is written; the schedule's next run makes it up",
            "hang": "works: goes on when the database answers",
        },
    },
    "worker": {
        **{key: {"gone": "works"} for key in COLUMNS},
        "order": {"gone": "degraded: desks have it at once; tickets, letters and webhooks wait in the outbox"},
        "call": {"gone": "degraded: desks have it at once; webhooks wait in the outbox"},
        "nightly": {"killed": "degraded: what was counted stays; the schedule's next run does the rest"},
    },
    "disk": {
        **{key: {"full lost": "works"} for key in COLUMNS},
        "admin": {"full lost": "clean error: pictures are refused with words at the field, all else works"},
    },
    "web": {
        **dict.fromkeys(COLUMNS, PHONE_ASKS_AGAIN),
        "nightly": {"killed": "works"},
    },
}


def outcomes(dependency: str, column: str) -> dict[str, str]:
    """State → what comes of it."""
    cell = CELLS[dependency][column]
    return {state: outcome for states, outcome in cell.items() for state in states.split()}


def tried(dependency: str, column: str, *, at_length: bool) -> dict[str, str]:
    """The states that a run tries: all of them at length, else those that tell most for their time."""
    return {
        state: outcome
        for state, outcome in outcomes(dependency, column).items()
        if at_length or state not in LEFT_TO_THE_LONG_FORM or (dependency, column, state) in IN_EACH_RUN
    }


def every_cell() -> list[tuple[str, str]]:
    return [(dependency, column) for dependency in DEPENDENCIES for column in COLUMNS]


def as_table() -> str:
    """The matrix in Markdown."""
    lines = ["| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for dependency in DEPENDENCIES:
        cells = (_words(CELLS[dependency][column]) for column in COLUMNS)
        lines.append(f"| **{dependency}** | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _words(cell: dict[str, str]) -> str:
    return "<br>".join(f"*{', '.join(states.split())}*: {outcome}" for states, outcome in cell.items())
