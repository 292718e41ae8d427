"""Dependence: how much a state's economy rests on trade with named partners, and they on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from multivector.estimate import Estimate
from multivector.measures._by_view import DyadicLedgerMeasure, LedgerMeasure
from multivector.measures._ledger import FLOWS, Floats, Flow, Ledger, need_usd, state_values
from multivector.measures.trade import HIRSCHMAN
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import dependence
from multivector.step import Inputs, Step

Side = Literal["exports", "imports"]
KEOHANE = Citation(
    "keohane1977",
    "book",
    "Keohane, Robert O. and Nye, Joseph S.",
    "Power and Interdependence: World Politics in Transition",
    1977,
    "Little, Brown",
)
ONEAL = Citation(
    "oneal1997",
    "article",
    "Oneal, John R. and Russett, Bruce M.",
    "The Classical Liberals Were Right: Democracy, Interdependence, and Conflict, 1950-1985",
    1997,
    "International Studies Quarterly 41(2):267-294",
    doi="10.1111/1468-2478.00042",
)
BARBIERI = Citation(
    "barbieri1996",
    "article",
    "Barbieri, Katherine",
    "Economic Interdependence: A Path to Peace or a Source of Interstate Conflict?",
    1996,
    "Journal of Peace Research 33(1):29-49",
    doi="10.1177/0022343396033001003",
)
YAMAZAWA = Citation(
    "yamazawa1970",
    "article",
    "Yamazawa, Ippei",
    "Intensity Analysis of World Trade Flow",
    1970,
    "Hitotsubashi Journal of Economics 10(2):61-90",
    doi="10.15057/8041",
)


@dataclass(frozen=True, kw_only=True)
class TradeOpenness(LedgerMeasure):
    """Trade openness: a state's goods trade over its gross domestic product.

    (exports + imports)/GDP; ≥ 0, above 1 for entrepôts. Missing where GDP or a total is.

    Examples
    --------
    >>> TradeOpenness(focal="KAZ").view
    'reconciled'
    """

    name: ClassVar[str] = "trade_openness"
    label: ClassVar[str] = "Trade openness"
    unit: ClassVar[str] = "share of GDP"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    output: Step[Panel] = default_input("world_bank_gdp")

    def compute(self, get: Inputs) -> Estimate:
        """Divide the recorded totals by output."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger in self.ledgers(get):
            gdp = _output(get, self.output, ledger, self.focal)
            sold, bought = (ledger.total(self.focal, f) for f in ("exports", "imports"))
            values.append(dependence.openness(sold, bought, gdp))
            rows += [(self.focal, view, y, ledger.note(self.focal, y)) for y in ledger.years]
        return self.result(rows, ["state", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class TradeShare(DyadicLedgerMeasure):
    """Share of each partner in a state's recorded goods trade, by who reports it.

    p_j = x_j / Σ_k x_k in each view; a bloc is the sum over its members of the year. Views are
    printed side by side and never spliced. Missing where the pair is not recorded.

    Parameters
    ----------
    flow
        ``exports``, ``imports``, ``total``, their sum, or ``each`` of the three.

    Examples
    --------
    >>> TradeShare(focal="KAZ", partners=("CHN",), flow="imports").flow
    'imports'
    """

    name: ClassVar[str] = "trade_share"
    label: ClassVar[str] = "Share of goods trade, by who reports"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    flow: Flow | Literal["each"] = "total"

    def compute(self, get: Inputs) -> Estimate:
        """Take the share of each partner in the recorded total of each view."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        flows: tuple[Flow, ...] = FLOWS if self.flow == "each" else (self.flow,)
        for view, ledger, partner in self.pairs(get):
            for flow in flows:
                part = ledger.between(self.focal, partner, flow)
                values.append(dependence.ratio(part, ledger.total(self.focal, flow)))
                rows += self.rows(view, ledger, partner, flow)
        return self.result(rows, ["state", "partner", "flow", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class TradeDependence(DyadicLedgerMeasure):
    """Dependence of two states on their trade by output: each side's, and the lower of the two.

    s_ij = (exports + imports)/GDP_i for ``own``, by the partner's GDP for ``partner's``, and
    min(s_ij, s_ji) for ``lower``, the weak-link measure; ≥ 0. All three are of the focal state's
    view of the trade. A bloc's GDP is the sum of its members', missing if one is.

    Examples
    --------
    >>> TradeDependence(focal="KAZ", partners=("RUS",)).unit
    'share of GDP'
    """

    name: ClassVar[str] = "trade_dependence"
    label: ClassVar[str] = "Dependence on trade"
    unit: ClassVar[str] = "share of GDP"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (ONEAL,)
    output: Step[Panel] = default_input("world_bank_gdp")

    def compute(self, get: Inputs) -> Estimate:
        """Divide the pair's trade by either output."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger, partner in self.pairs(get):
            own, theirs = _sensitivities(get, self.output, ledger, self.focal, partner)
            for side, s in (
                ("own", own),
                ("partner's", theirs),
                ("lower", np.minimum(own, theirs)),
            ):
                values.append(s)
                rows += self.rows(view, ledger, partner, side)
        return self.result(rows, ["state", "partner", "side", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class Asymmetry(DyadicLedgerMeasure):
    """Asymmetry of mutual dependence on trade: which side's economy rests more on it.

    A_ij = (s_ij − s_ji)/(s_ij + s_ji) with s_ij = trade/GDP_i; from −1 (only the partner depends)
    to 1 (only the focal state does), and A_ij = −A_ji. With trade the same on both sides it is a
    function of the two outputs alone.

    Examples
    --------
    >>> Asymmetry(focal="KAZ", partners=("RUS",)).unit
    'index −1 to 1'
    """

    name: ClassVar[str] = "asymmetry"
    label: ClassVar[str] = "Asymmetry of dependence on trade"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float | None, float | None]] = (-1, 1)
    citations: ClassVar[tuple[Citation, ...]] = (KEOHANE,)
    output: Step[Panel] = default_input("world_bank_gdp")

    def compute(self, get: Inputs) -> Estimate:
        """Compare the two dependences."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger, partner in self.pairs(get):
            own, theirs = _sensitivities(get, self.output, ledger, self.focal, partner)
            values.append(dependence.ratio(own - theirs, own + theirs))
            rows += self.rows(view, ledger, partner)
        return self.result(rows, ["state", "partner", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class TradeVulnerability(DyadicLedgerMeasure):
    """Vulnerability of a state's economy to losing a partner, by how hard it is to replace.

    V_j = p_j·(x/GDP)·(1 − r_j) with p_j the partner's share in exports (or imports) x, and r_j how
    far others can take its place, here their share in the market open to the state: 1 − r_j is the
    partner's share in the imports (or exports) of the world without the state. ≥ 0; beside
    sensitivity, which is trade over GDP, it is small where many others buy or sell. Goods count as
    one, so that a pipeline is as easily replaced as a ship: a lower bound.

    Examples
    --------
    >>> TradeVulnerability(focal="KAZ", partners=("RUS",)).unit
    'share of GDP'
    """

    name: ClassVar[str] = "trade_vulnerability"
    label: ClassVar[str] = "Vulnerability to losing a trade partner"
    unit: ClassVar[str] = "share of GDP"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN, KEOHANE)
    output: Step[Panel] = default_input("world_bank_gdp")

    def compute(self, get: Inputs) -> Estimate:
        """Weigh the flow over output by the partner's share in the rest of the market."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        sides: tuple[tuple[Side, Side], ...] = (("exports", "imports"), ("imports", "exports"))
        for view, ledger, partner in self.pairs(get):
            gdp = _output(get, self.output, ledger, self.focal)
            for flow, market in sides:
                values.append(
                    dependence.vulnerability(
                        ledger.between(self.focal, partner, flow),
                        gdp,
                        ledger.total(partner, market),
                        ledger.total(self.focal, market),
                        ledger.world(market),
                    )
                )
                rows += self.rows(view, ledger, partner, flow)
        return self.result(rows, ["state", "partner", "flow", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class Interdependence(DyadicLedgerMeasure):
    """Salience, symmetry and interdependence of a pair's trade, after Barbieri.

    With a_ij the partner's share in the state's total trade: salience = √(a_ij a_ji), symmetry =
    1 − |a_ij − a_ji|, interdependence = salience × symmetry; each 0 to 1. Missing where either
    side's total is not known.

    Examples
    --------
    >>> Interdependence(focal="KAZ", partners=("RUS",)).unit
    'index 0–1'
    """

    name: ClassVar[str] = "interdependence"
    label: ClassVar[str] = "Trade interdependence"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (BARBIERI,)

    def compute(self, get: Inputs) -> Estimate:
        """Take both shares of the pair's trade, then the three figures."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger, partner in self.pairs(get):
            trade = ledger.between(self.focal, partner, "total")
            ours, theirs = (
                dependence.ratio(trade, ledger.total(a, "total")) for a in (self.focal, partner)
            )
            shares = np.full((len(ledger.years), 2, 2), np.nan)
            shares[:, 0, 1], shares[:, 1, 0] = np.minimum(ours, 1), np.minimum(theirs, 1)
            found = dependence.interdependence(shares)
            for figure in ("salience", "symmetry", "interdependence"):
                values.append(getattr(found, figure)[:, 0, 1])
                rows += self.rows(view, ledger, partner, figure)
        return self.result(rows, ["state", "partner", "figure", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class TradeIntensity(DyadicLedgerMeasure):
    """Intensity of a state's exports to each partner, relative to the partner's size as a buyer.

    I_ij = (x_ij/x_i)/(m_j/(m_w − m_i)): the partner's share in the state's exports over its share
    in the imports of the world without the state; ≥ 0, 1 where the partner counts as much for the
    state as its size suggests (Kojima 1964). Distance and agreements are not taken out: that is
    gravity's part.

    Examples
    --------
    >>> TradeIntensity(focal="KAZ", partners=("RUS",)).unit
    'ratio'
    """

    name: ClassVar[str] = "trade_intensity"
    label: ClassVar[str] = "Intensity of exports"
    unit: ClassVar[str] = "ratio"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (YAMAZAWA,)

    def compute(self, get: Inputs) -> Estimate:
        """Set the share in exports against the share in the others' imports."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger, partner in self.pairs(get):
            values.append(
                dependence.intensity(
                    ledger.between(self.focal, partner, "exports"),
                    ledger.total(self.focal, "exports"),
                    ledger.total(partner, "imports"),
                    ledger.total(self.focal, "imports"),
                    ledger.world("imports"),
                )
            )
            rows += self.rows(view, ledger, partner)
        return self.result(rows, ["state", "partner", "view", "year"], values)


def _output(get: Inputs, step: Step[Panel], ledger: Ledger, actor: str) -> Floats:
    """Return the output of *actor* by year: a state's, or the sum over a bloc, NaN if one lacks."""
    panel = get(step)
    need_usd(ledger, panel.variables[0].unit)
    values = state_values(panel, ledger.states, ledger.years)
    inside = ledger.inside(actor)
    whole = np.array(
        [v[i].sum() if i.any() else np.nan for v, i in zip(values, inside, strict=True)]
    )
    return whole


def _sensitivities(
    get: Inputs, step: Step[Panel], ledger: Ledger, focal: str, partner: str
) -> tuple[Floats, Floats]:
    trade = ledger.between(focal, partner, "total")
    ours, theirs = (
        dependence.ratio(trade, _output(get, step, ledger, a)) for a in (focal, partner)
    )
    return ours, theirs
