"""Export: how tables leave for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from multivector.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_TEX = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "\n": " ",
}


class Exportable:
    """A value with a polars table that can be written to CSV, Parquet or LaTeX."""

    def to_polars(self) -> pl.DataFrame:
        """Return the table."""
        raise NotImplementedError

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas frame; needs the ``pandas`` extra."""
        try:
            import pandas as pd
        except ModuleNotFoundError:
            raise InputError(
                "pandas is not installed.",
                remedy="Install multivector[pandas], or use to_polars().",
            ) from None
        frame = self.to_polars()
        return pd.DataFrame({c: frame[c].to_numpy() for c in frame.columns})

    def to_csv(self, path: Path | str) -> Path:
        """Write the table as UTF-8 CSV; missing values are empty."""
        self.to_polars().write_csv(path)
        return Path(path)

    def to_parquet(self, path: Path | str) -> Path:
        """Write the table as Parquet."""
        self.to_polars().write_parquet(path)
        return Path(path)

    def to_latex(self, path: Path | str | None = None, *, digits: int = 3) -> str:
        r"""Return (and optionally write) a ``booktabs`` table; missing values print as --.

        Parameters
        ----------
        digits
            Decimals of floating-point columns.
        """
        text = latex(self.to_polars(), digits=digits)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text


def latex(frame: pl.DataFrame, *, digits: int = 3) -> str:
    r"""Write *frame* as a LaTeX ``tabular`` with ``booktabs`` rules.

    >>> print(latex(pl.DataFrame({"state": ["KAZ"], "hhi_share": [0.25]}), digits=2))
    \begin{tabular}{lr}
    \toprule
    state & hhi\_share \\
    \midrule
    KAZ & 0.25 \\
    \bottomrule
    \end{tabular}
    """
    align = "".join("r" if t.is_numeric() else "l" for t in frame.schema.values())
    rows = [" & ".join(_tex(c, digits) for c in frame.columns)]
    body = [" & ".join(_tex(v, digits) for v in row) + r" \\" for row in frame.iter_rows()]
    lines = [rf"\begin{{tabular}}{{{align}}}", r"\toprule", rows[0] + r" \\", r"\midrule"]
    return "\n".join([*lines, *body, r"\bottomrule", r"\end{tabular}"])


def _tex(value: Any, digits: int) -> str:
    if value is None or value != value:  # noqa: PLR0124 – NaN
        return "--"
    if isinstance(value, float):
        return f"{value:.{digits}f}"
    return "".join(_TEX.get(c, c) for c in str(value))
