class NotDeliveredError(Exception):
    """The receiver did not take it; the words are for the people of the place.

    `unsure` when it may have taken it all the same; `final` when trying again is of no use.
    """

    def __init__(self, problem: str, *, unsure: bool = False, final: bool = False) -> None:
        super().__init__(problem)
        self.unsure = unsure
        self.final = final


def reason(error: Exception) -> str:
    """What the system says, without its error's number."""
    return str(getattr(error, "strerror", None) or error)
