"""Quantities: one number with its interval, unit and reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from multivector.origin import Origin

COUNTED = {
    "agreements",
    "count",
    "exercises",
    "members",
    "organisations",
    "persons",
    "rank",
    "sites",
    "treaties",
    "visits",
    "votes",
}
"""First words of units that count things, and print as whole numbers."""
DrawKind = Literal[
    "point",
    "bootstrap",
    "sampling",
    "posterior",
    "choice",
    "weight",
    "assumption",
    "combined",
    "ensemble",
]
"""What draws stand for; ``ensemble`` draws vary several of these at once, and only those do."""
NONE = "none"
"""The note of a cell of which zero is recorded: it prints so, apart from "no data"."""
WHOLE = {*COUNTED, "km", "level", "0"}
"""First words of units that print as whole numbers: counts, kilometres, ranks, and "0 or 1"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its interval, unit and reasons: what a cell of an Estimate prints as.

    ``value`` is the observed value (or the median of the draws) and ``low``, ``high`` the
    equal-tailed 90 % interval; for a point value the two are ``None``. All three are ``None``
    where nothing is known.

    Examples
    --------
    >>> print(Quantity(0.612, 0.52, 0.70, "share 0–1", "balance"))
    61.2% [52.0%, 70.0%]
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    label: str
    cell: tuple[tuple[str, Any], ...] = ()
    draw_kind: DrawKind = "point"
    origins: tuple[Origin, ...] = ()
    fingerprint: str = ""
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def figure(self) -> str:
        """The number alone, in its unit's form; "none" or "no data" where there is none."""
        if self.note == NONE and not self.value:
            return NONE
        if self.value is None:
            return "no data"
        return write_number(self.value, self.unit)

    @property
    def interval(self) -> str:
        """The 90 % interval in brackets, or nothing for a point value."""
        if self.low is None or self.high is None:
            return ""
        return f"[{write_number(self.low, self.unit)}, {write_number(self.high, self.unit)}]"

    def __str__(self) -> str:
        sources = ", ".join(dict.fromkeys(map(_reason, self.origins)))
        text = f"{self.figure} {self.interval}".strip()
        return f"{text} · {sources}" if sources else text


def _reason(origin: Origin) -> str:
    """Return the title; what is not data says so wherever it is printed."""
    return origin.title if origin.kind == "data" else f"{origin.kind}: {origin.title}"


def write_number(value: float, unit: str) -> str:
    """Write *value* in the form that its *unit* calls for.

    Shares print as per cent, those below one per cent with two significant digits; changes of
    shares ("change" in the unit) as percentage points with their sign; counts as whole
    numbers, indices with a sign where they can be negative, money in the largest unit that leaves a
    whole part.

    >>> write_number(0.218, "share 0–1"), write_number(-0.05, "index −1 to 1")
    ('21.8%', '−0.05')
    >>> write_number(0.00021, "share of real income"), write_number(0.0, "share 0–1")
    ('0.021%', '0.0%')
    >>> write_number(-0.062, "share 0–1, change"), write_number(0.0003, "share 0–1, change")
    ('−6.2 points', '+0.03 points')
    >>> write_number(2_345_678.0, "thousand current USD")
    '2.3 bn USD'
    """
    if unit.startswith("share") and "change" in unit:
        text = _percent(100 * value).replace("%", " points")
        text = text if value < 0 else f"+{text}"
    elif unit.startswith("share"):
        text = _percent(100 * value)
    elif "USD" in unit or "EUR" in unit:
        text = _money(value, unit)
    elif unit.startswith("index −1"):
        text = f"{value:+.2f}"
    elif unit.partition(" ")[0] in WHOLE:
        text = f"{value:,.0f}".replace(",", "\u202f")
    elif unit == "percentile":
        text = f"{value:.0f}"
    else:
        text = f"{value:.2f}"
    if set(text) & set("0123456789") == {"0"}:
        text = text.lstrip("+-")  # nothing is left of it but its sign
    return text.replace("-", "\N{MINUS SIGN}")


def _percent(value: float) -> str:
    size = abs(value)
    digits = 1 if size >= 0.995 or size < 5e-7 else 1 - math.floor(math.log10(size * 1.005))
    return f"{value:.{digits}f}%"


def _money(value: float, unit: str) -> str:
    for word, factor in (("thousand ", 1e3), ("million ", 1e6), ("billion ", 1e9)):
        if unit.startswith(word):
            value *= factor
    currency = "EUR" if "EUR" in unit else "USD"
    for size, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            return f"{value / size:.1f} {word} {currency}"
    return f"{value:.0f} {currency}"
