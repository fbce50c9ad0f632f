"""How large checks are: how many lie between round sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from analytics.reports import sections, spread
from analytics.reports.sections import Figure, Look, Section, Step, Table
from analytics.wording import money_text

KEY = "checks"
# So many steps reach the sum that few checks exceed; those few share one more.
STEPS = 10
FEW_EXCEED = Decimal("0.98")
ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Bin:
    """Checks from `low` on and below `high`; the last one has no end."""

    low: Decimal
    high: Decimal | None
    checks: int


@dataclass(frozen=True)
class CheckSizes:
    checks: int
    median: Decimal | None
    bins: Sequence[Bin]


def check_sizes(counts: Mapping[Decimal, int]) -> CheckSizes:
    """`counts` says how many checks there are of each total."""
    usual = spread.reached_by(counts, FEW_EXCEED)
    if usual is None:
        return CheckSizes(0, None, [])
    width = round_step(usual / STEPS)
    first = int(min(counts) // width)
    last = int(usual // width)
    bins = [_bin(counts, number * width, (number + 1) * width) for number in range(first, last + 1)]
    if max(counts) >= (last + 1) * width:
        bins.append(_bin(counts, (last + 1) * width, None))
    return CheckSizes(spread.total(counts), spread.median(counts), bins)


def round_step(least: Decimal) -> Decimal:
    """The smallest round sum (1, 2, 2.5 or 5 with noughts) that is not below `least`, and no less than one."""
    if least <= 1:
        return Decimal(1)
    scale = Decimal(10) ** (least.adjusted())
    step = next(step for step in ROUND if step * scale >= least) * scale
    # Two and a half of something small is no whole sum.
    return step.to_integral_value(ROUND_CEILING)


def _bin(counts: Mapping[Decimal, int], low: Decimal, high: Decimal | None) -> Bin:
    inside = sum(times for check, times in counts.items() if low <= check and (high is None or check < high))
    return Bin(low, high, inside)


def section(found: CheckSizes, currency: str) -> Section:
    how = [
        _(
            "Check = sum over an order’s lines of quantity × (price + options). A row counts the checks from its first "
            "sum on and below its second."
        ),
        _("The median is the middle check by size, of an even number the mean of the two middle ones."),
    ]
    title = _("Sizes of checks")
    if not found.checks:
        return Section(KEY, title, how, empty=_("Nothing was sold in these days."), next_step=Step.FIRST_ORDERS)
    return Section(
        KEY,
        title,
        how,
        figures=[Figure(_("Median check"), sections.money(found.median))],
        tables=[
            Table(
                _("Checks by size"),
                [_("Check"), _("Number of checks"), _("Share")],
                [
                    [
                        sections.text(bin_text(one, currency)),
                        sections.count(one.checks),
                        sections.share(sections.fraction(one.checks, found.checks)),
                    ]
                    for one in found.bins
                ],
                look=Look.BARS,
            )
        ],
    )


def bin_text(one: Bin, currency: str) -> str:
    """“500 ₽ – 750 ₽”, “3 000 ₽ and more”."""
    low = money_text(one.low, currency)
    if one.high is None:
        return _("%(sum)s and more") % {"sum": low}
    return f"{low} – {money_text(one.high, currency)}"
