"""Ensembles: replays are what running edited trees gives, sources stay apart, failures show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from multivector.ensemble import Dirichlet, Ensemble, OneAtATime, Varied, hangs_on, reversals
from multivector.ensemble.replays import Replays, plan_of
from multivector.ensemble.sources import sources_in
from multivector.errors import ComputeError, InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures.balance import Balance
from multivector.measures.index import Index
from multivector.measures.trade import PartnerShare
from multivector.panels.table import Table
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.stats.sensitivity import first_order, total_order
from multivector.step import Inputs, Step, edit


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(Settings(cache=tmp_path / "cache"))


@dataclass(frozen=True)
class Sum(Step[Estimate]):
    """Cells a·x + y·draw; two cells, of which the second is twice the first less one."""

    name = "sum"
    x: float = 1.0
    y: float = 0.0
    power: float = 1.0
    draws: int = 0
    shares: tuple[float, ...] = (0.5, 0.5)

    def compute(self, get: Inputs) -> Estimate:
        del get
        if self.x < 0:
            raise ComputeError(f"{self.x} is below zero.")
        u = (np.arange(self.draws) + 0.5) / self.draws if self.draws else np.zeros(1)
        value = (self.x + self.y * u) ** self.power + self.shares[0]
        cells = pl.DataFrame({"state": ["KAZ", "UZB"], "year": [2020, 2020]})
        kind: Any = "posterior" if self.draws else "point"
        return Estimate(cells, np.stack([value, 2 * value - 1]), "sum", "points", draw_kind=kind,
                        variant="toy")  # fmt: skip


def index_of(folder: Path, estimates: bool = False) -> Index:
    rng = np.random.default_rng(1)
    x = rng.gamma(1.5, size=(9, 4)).round(3)
    frame = pl.DataFrame({"u": [f"u{n}" for n in range(9)]}).with_columns(
        pl.Series(f"i{j}", x[:, j]) for j in range(4)
    )
    frame.write_csv(folder / "t.csv")
    parts: list[dict[str, Any]] = [{"column": f"i{j}", "parent": "p" if j < 2 else "q"}
                                   for j in range(4)]  # fmt: skip
    parts[1] |= {"direction": -1, "weight": 2}
    tables: tuple[Step[Any], ...] = (Table(str(folder / "t.csv")),)
    if estimates:
        tables = (*tables, Noise())
        parts.append({"column": "noise", "parent": "q"})
    return Index(
        tables=tables,
        indicators=tuple(parts),  # type: ignore[arg-type]
        pillars=({"name": "p"}, {"name": "q", "weight": 3}),  # type: ignore[arg-type]
        scale=(1, 100),
    )


@dataclass(frozen=True)
class Noise(Step[Estimate]):
    """Seven draws for each of the nine units."""

    name = "noise"

    def compute(self, get: Inputs) -> Estimate:
        del get
        draws = np.random.default_rng(2).random((9, 7))
        cells = pl.DataFrame({"u": [f"u{n}" for n in range(9)]})
        return Estimate(cells, draws, "noise", "points", draw_kind="posterior")


def vary(index: Index) -> dict[Any, Any]:
    return {
        (index, "normalisation"): ("min-max", "goalposts") if index.indicators[0].low else
        ("min-max", "min-max"),
        (index, "treatment"): ("none", "winsorise", "box-cox"),
        (index, "aggregation"): ("arithmetic", "geometric", "harmonic"),
        (index, "weighting"): ("given", "equal"),
        (index, "weights"): Dirichlet(12),
    }  # fmt: skip


# the fast way ------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimates", [False, True])
@pytest.mark.parametrize("of", ["value", "rank"])
def test_the_fast_way_is_what_running_every_edited_tree_gives(
    tmp_path: Path, run: Runner, estimates: bool, of: Any
) -> None:
    index = index_of(tmp_path, estimates)
    fast = Ensemble.over(index, vary(index), rows=8, of=of).replays
    slow = replace(fast, generic=True)
    assert (fast.fast, slow.fast) == (True, False)
    one, other = run(fast), run(slow)
    assert one.draws.shape == (9, 8 * (2 + 6))
    assert len(np.unique(one.draws[0].round(9))) > 10 or of == "rank"
    assert_allclose(one.draws, other.draws, rtol=1e-12)
    assert one.observed is not None
    assert other.observed is not None
    assert_allclose(one.observed, other.observed)
    assert one.draw_kind == other.draw_kind == "ensemble"


def test_replays_are_edits_of_the_tree(tmp_path: Path, run: Runner) -> None:
    """Twin: read the design, edit and run by hand."""
    index = index_of(tmp_path, estimates=True)
    ensemble = Ensemble.over(index, vary(index), rows=4)
    plan = plan_of(ensemble.replays)
    found = run(ensemble.replays).draws
    assert plan.sources == (
        "normalisation", "treatment", "aggregation", "weighting", "weights", "data"
    )  # fmt: skip
    for n in (0, 5, 17, 23, 31):
        chosen = dict(zip(vary(index), plan.options[n], strict=False))
        changes: dict[Any, Any] = {k: vary(index)[k][o] for k, o in chosen.items()}
        changes[(index, "weights")] = tuple(plan.weights[0][n].tolist())
        draws = run(edit(index, changes)).draws
        assert_allclose(found[:, n], draws[:, int(plan.draw[n] * 7)])
    a, ab = slice(0, 4), [slice(8 + 4 * k, 12 + 4 * k) for k in range(6)]
    assert_array_equal(plan.options[ab[4]], plan.options[a])  # weights alone come from B
    assert not np.array_equal(plan.weights[0][ab[4]], plan.weights[0][a])
    assert_array_equal(plan.weights[0][ab[5]], plan.weights[0][a])
    assert_allclose(plan.weights[0][:, :2].sum(axis=1), 1)  # siblings share one


def test_an_index_of_many_draws_is_prepared_in_pieces(
    tmp_path: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(tmp_path, estimates=True)
    whole = run(Ensemble.over(index, vary(index), rows=8).replays).draws
    monkeypatch.setattr("multivector.ensemble.fast.CHUNK", 100)
    again = Runner(Settings(cache=tmp_path / "other"))
    assert_allclose(again(Ensemble.over(index, vary(index), rows=8).replays).draws, whole)


# any step ----------------------------------------------------------------------------------------


def test_indices_of_a_known_function(run: Runner) -> None:
    """x from {1, 3}, y from {0, 2}·u: the first cell is x + y·u; shares worked out by hand.

    V(x) = 1; with y ∈ {0, 2} and u uniform on 64 midpoints: V(y·E u) = 1/4 and the rest is due to
    u (1/12 at y's mean square).
    """
    toy = Sum(y=1.0, draws=64, shares=(0.0, 1.0))
    ensemble = Ensemble.over(toy, {(toy, "x"): (1.0, 3.0), (toy, "y"): (0.0, 2.0)}, rows=1024)
    u = (np.arange(64) + 0.5) / 64
    of_y, of_u = 0.25, u.var()
    together = 2 * u.var() - of_u
    whole = 1 + of_y + of_u + together
    first = run(replace(ensemble, show="first order"))
    total = run(replace(ensemble, show="total"))
    expected = {"x": (1, 1), "y": (of_y, of_y + together), "data": (of_u, of_u + together)}
    for source, (alone, all_) in expected.items():
        for cell in ({"state": "KAZ", "year": "2020"}, {"state": "all cells", "year": "all cells"}):
            assert first.at(source=source, **cell).value == pytest.approx(alone / whole, abs=0.03)
            found = total.at(source=source, **cell)
            assert found.value == pytest.approx(all_ / whole, abs=0.03)
            assert found.low is not None
            assert found.high is not None
            assert found.low <= found.value <= found.high
    assert hangs_on(total).startswith("It hangs above all on x (")
    spread = run(ensemble)
    values = np.sort(np.concatenate([x + y * u for x in (1, 3) for y in (0, 2)]))
    quantity = spread.at(state="KAZ")
    assert quantity.low == pytest.approx(np.quantile(values, 0.05), abs=0.05)
    assert quantity.high == pytest.approx(np.quantile(values, 0.95), abs=0.05)
    assert spread.draw_kind == "ensemble"
    assert spread.draws.shape == (2, 2048)


def test_kinds_of_draws_stay_apart(run: Runner) -> None:
    toy, drawn = Sum(), Sum(y=1.0, draws=9)
    choice = {(toy, "x"): (1.0, 2.0)}
    assert run(Ensemble.over(toy, choice, rows=4)).draw_kind == "choice"
    assert run(Ensemble.over(toy, {(toy, "shares"): Dirichlet(3)}, rows=4)).draw_kind == "weight"
    assert run(Ensemble.over(drawn, {}, rows=4)).draw_kind == "posterior"
    fixed = Ensemble.over(drawn, {(drawn, "x"): (1.0, 2.0)}, rows=4, sampling=False)
    assert run(fixed).draw_kind == "choice"
    assert set(run(fixed).draws[0]) == {2.0, 3.0}  # medians of the draws
    total = run(replace(Ensemble.over(toy, choice, rows=4), show="total"))
    assert set(total.cells["source"]) == {"x"}  # a point has no data to vary
    with pytest.raises(InputError, match="point value"):
        run(Ensemble.over(toy, {}, rows=4))


def test_a_measure_of_ours_over_choices_and_weights(run: Runner) -> None:
    """Balance over two domains with drawn weights, against a loop over the design."""
    ours: dict[str, Any] = {"focal": "KAZ", "partners": ("RUS", "CHN", "EU27_2020")}
    flows: Any = ("exports", "imports")
    domains = tuple(PartnerShare(**ours, flow=f, years=(2019, 2020)) for f in flows)
    balance = Balance(**ours, domains=domains)
    ensemble = Ensemble.over(
        balance,
        {
            "flows": [{}, {(domains[0], "flow"): "total", (domains[1], "flow"): "total"}],
            (balance, "weights"): Dirichlet(10),
        },
        rows=4,
    )
    plan = plan_of(ensemble.replays)
    found = run(ensemble.replays)
    for n in range(len(plan)):
        changes: dict[Any, Any] = {(balance, "weights"): tuple(plan.weights[0][n].tolist())}
        if plan.options[n, 0]:
            changes |= {(d, "flow"): "total" for d in domains}
        assert_allclose(found.draws[:, n], run(edit(balance, changes)).draws[:, 0])
    assert "flows: as it is | total" in ensemble.words()
    assert {o.dataset for o in found.origins} == {o.dataset for o in run(balance).origins}


def test_ranks_are_taken_within_a_replay(run: Runner) -> None:
    toy = Sum()
    ensemble = Ensemble.over(toy, {(toy, "x"): (0.0, 3.0)}, rows=8, of="rank")
    found = run(ensemble)
    assert set(map(tuple, found.draws.T.tolist())) == {(1.0, 2.0), (2.0, 1.0)}
    assert found.unit == "rank"
    assert found.observed is not None
    assert found.observed.tolist() == [2.0, 1.0]
    certain = run(replace(Ensemble.over(toy, {(toy, "x"): (0.0, 3.0)}, rows=8), show="direction"))
    # x = 0 gives (0.5, 0.0), x = 3 gives (3.5, 6.0)
    assert_allclose(certain.draws[:, 0], [1.0, 0.75])


def test_each_alternative_alone(run: Runner) -> None:
    toy = Sum(y=1.0, draws=9)
    wish = {(toy, "x"): (1.0, 3.0), "both": [{}, {(toy, "x"): 0.0, (toy, "power"): 2.0}]}
    found = run(OneAtATime(Ensemble.over(toy, wish).replays))
    assert found.draw_kind == "point"
    kaz = found.select(state="KAZ")
    # x + median of u + 0.5; squared with x = 0
    assert_allclose(values(kaz), [2.0, 4.0, 2.0, 0.75])
    assert kaz.cells["alternative"].to_list() == ["1", "3", "as it is", "x 0, power 2"]
    assert reversals(found, 2.0, threshold=1.0, state="KAZ") == [("both", "x 0, power 2")]
    assert reversals(found, 2.0, threshold=2.0 - 1e-9, state="KAZ") == [("both", "x 0, power 2")]
    assert reversals(found, 2.0, state="KAZ") == []
    ranks = run(OneAtATime(Ensemble.over(toy, wish, of="rank").replays))
    assert values(ranks.select(alternative="x 0, power 2")).tolist() == [1.0, 2.0]


# failures ----------------------------------------------------------------------------------------


def test_failed_replays_are_errors_that_are_counted_and_shown(run: Runner) -> None:
    toy = Sum(draws=4, y=0.01)
    wish = {(toy, "x"): (1.0, 2.0, 3.0, -1.0), (toy, "power"): (1.0, 2.0)}
    strict = Ensemble.over(toy, wish, rows=32)
    with pytest.raises(ComputeError) as problem:
        run(strict)
    plan = plan_of(strict.replays)
    bad = int((plan.options[:, 0] == 3).sum())
    assert f"{bad} of {len(plan)} replays failed: -1.0 is below zero. ({bad} times)" in str(
        problem.value
    )
    lenient = Ensemble.over(toy, wish, rows=32, tolerate=0.3)
    found = run(replace(lenient, show="total"))
    assert f"{bad} failed and are left out" in found.variant
    whole = run(lenient.replays).draws
    n = 32
    a, b, ab = whole[0, :n], whole[0, n : 2 * n], whole[0, 2 * n :].reshape(3, n)
    kept = ~(np.isnan(a) | np.isnan(b) | np.isnan(ab).any(axis=0))
    assert 0 < kept.sum() < n
    expected = total_order(a[kept], b[kept], ab[:, kept])
    assert_allclose(values(found.select(state="KAZ")), expected)
    alone = run(replace(lenient, show="first order"))
    assert_allclose(values(alone.select(state="KAZ")), first_order(a[kept], b[kept], ab[:, kept]))
    assert not np.isnan(run(lenient).draws).any()


def values(estimate: Estimate) -> np.ndarray:
    return estimate.summary()["value"].fill_null(np.nan).to_numpy()


def test_replays_that_leave_cells_without_a_value_are_counted(tmp_path: Path, run: Runner) -> None:
    index = index_of(tmp_path)
    frame = pl.read_csv(tmp_path / "t.csv")
    frame.with_columns(i0=pl.when(pl.int_range(9) == 2).then(None).otherwise("i0")).write_csv(
        tmp_path / "gap.csv"
    )
    gap = replace(index, tables=(Table(str(tmp_path / "gap.csv")),), imputation="median")
    ensemble = Ensemble.over(gap, {(gap, "imputation"): ("median", "none")}, rows=8)
    for generic in (False, True):
        replays = replace(ensemble.replays, generic=generic)
        without = int((plan_of(replays).options[:, 0] == 1).sum())
        found = run(replays)
        assert int(np.isnan(found.draws).any(axis=0).sum()) == without
        assert found.variant.endswith(f"; {without} leave some cell without a value")
        spread = run(replace(ensemble, replays=replays))
        assert spread.at(u="u2").interval == ""
        assert spread.at(u="u3").interval != ""


def test_choices_that_do_not_go_together_fail_loudly(tmp_path: Path, run: Runner) -> None:
    index = index_of(tmp_path)
    wish = {(index, "normalisation"): ("min-max", "z-score"),
            (index, "aggregation"): ("arithmetic", "geometric")}  # fmt: skip
    with pytest.raises(ComputeError) as problem:
        run(Ensemble.over(index, wish, rows=8, of="rank"))
    assert "A geometric mean needs values above zero" in str(problem.value)
    scales = {(index, "normalisation"): ("min-max", "z-score")}
    with pytest.raises(ComputeError, match="different scales"):
        run(Ensemble.over(index, scales, rows=8))
    missing = {(index, "normalisation"): ("min-max", "goalposts")}
    for generic in (False, True):
        with pytest.raises(ComputeError, match="needs 'low' of every indicator"):
            run(Ensemble.over(index, missing, rows=8, generic=generic))


def test_an_ensemble_over_nothing_or_nonsense_is_refused() -> None:
    toy = Sum()
    with pytest.raises(MultivectorError) as problem:
        Replays(
            tree=toy,
            choices=(("x", (("1", ((toy, "x", 1.0),)),)), ("x", (("a", ()), ("b", ())))),
            weights=(("w", toy, "power", 0.0),),
            rows=12,
            tolerate=2.0,
        )
    said = str(problem.value)
    for part in ("rows is 12", "tolerate is 2", "called 'x'", "has 1 alternatives",
                 "no weights 'power'", "concentration is 0.0"):  # fmt: skip
        assert part in said
    with pytest.raises(InputError, match="Nothing is varied"):
        Replays(tree=toy, sampling=False)


# files -------------------------------------------------------------------------------------------


def test_choices_of_a_file_apply_to_every_step_of_their_kind() -> None:
    ours: dict[str, Any] = {"focal": "KAZ", "partners": ("RUS", "CHN")}
    domains = tuple(PartnerShare(**ours, flow=f) for f in ("exports", "imports"))
    balance = Balance(**ours, domains=domains)
    choices, weights = sources_in(
        balance,
        [
            Varied(field="flow", values=("exports", "total")),
            Varied(step="balance", field="weights", dirichlet=8),
            Varied(step="index", field="normalisation", values=("rank", "z-score")),
        ],
    )
    options = ((v, tuple((d, "flow", v) for d in domains)) for v in ("exports", "total"))
    flow = ("flow", tuple(options))
    assert choices == (flow,)
    assert weights == (("weights", balance, "weights", 8.0),)
    single = replace(balance, domains=domains[:1], weights=())
    assert sources_in(single, [Varied(field="weights", dirichlet=8)]) == ((), ())
    with pytest.raises(InputError, match=r"Known: .*domains"):
        sources_in(balance, [Varied(field="normalisation", values=(1, 2))], strict=True)
    with pytest.raises(InputError, match="Nearest: flow"):
        sources_in(balance, [Varied(step="partner_share", field="flows", values=("a", "b"))])
    for wrong in ({}, {"values": (1,), "dirichlet": 2.0}, {"dirichlet": -1.0}):
        with pytest.raises(MultivectorError, match=r"dirichlet"):
            Varied(field="x", **wrong)  # type: ignore[arg-type]


def test_words_say_what_cannot_be_told_apart(run: Runner) -> None:
    toy = Sum()
    wish = {(toy, "x"): (1.0, 2.0), (toy, "power"): (1.0, 2.0)}
    total = run(replace(Ensemble.over(toy, wish, rows=16), show="total"))
    cells = pl.DataFrame({"u": ["all cells"] * 3, "source": ["a", "b", "c"]})
    draws = np.array([[0.1, 0.5], [0.3, 0.6], [0.0, 0.05]])
    made = Estimate(cells, draws, "t", "share 0–1", draw_kind="bootstrap")
    assert hangs_on(made) == (
        "It hangs on b (45.0% [31.5%, 58.5%]) and a (30.0% [12.0%, 48.0%]), "
        "which cannot be told apart; less on c (2.5% [0.25%, 4.8%])."
    )
    assert "x (" in hangs_on(total)
    idle = replace(made, draws=np.vstack([draws[:2], [[0.0, 0.0]]]))
    assert hangs_on(idle).endswith("told apart; not at all on c.")
    flat = {(toy, "shares"): ((0.5, 0.5), (0.5, 0.7))}
    nothing = run(replace(Ensemble.over(toy, flat, rows=16), show="total"))
    assert hangs_on(nothing) == "Nothing that was varied changes it."
