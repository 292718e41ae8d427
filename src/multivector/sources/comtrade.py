"""UN Comtrade: trade in goods of one reporter and year, fetched with the user's own key."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import polars as pl

from multivector.choices import Actor
from multivector.download import Progress
from multivector.errors import SchemaError, Unavailable
from multivector.lock import Locked, sha256_of, update_lock
from multivector.origin import Citation, Licence
from multivector.settings import Settings
from multivector.source import Found
from multivector.sources._reported import Covering, refuse_duplicates
from multivector.states import code, resolve_codes
from multivector.store import File, Snapshot, files_folder, find
from multivector.variable import REPORTED_DYAD_YEAR, Coverage, Variable, span

API = "api json"
ADDRESS = "https://comtradeapi.un.org/data/v1/get/C/A/HS"
KEY_VARIABLE = "COMTRADE_API_KEY"
LIMIT = 100_000
"""Records that one answer holds at most; an answer of that many has been cut off."""
TIMEOUT = 120.0  # seconds without a byte
FLOWS = {"X": "exports_fob_usd", "M": "imports_cif_usd"}
REPORTERS = {"CHE": "757", "FRA": "251", "IND": "699", "NOR": "579", "USA": "842"}
"""Reporters that Comtrade counts with more or less territory than M49 does, by its number."""
AREAS = {
    "0": "",
    "58": "BLX",
    "251": "FRA",
    "381": "ITA",
    "490": "TWN",
    "579": "NOR",
    "697": "R20",
    "699": "IND",
    "711": "ZA1",
    "736": "SDN",
    "757": "CHE",
    "842": "USA",
    "849": "PUS",
}
"""Comtrade's own numbers: as in BACI, 490 'Other Asia, not elsewhere specified' is Taiwan."""
NOT_NAMED = "129 221 290 471 472 473 492 527 536 568 577 636 637 837 838 839 879 899"
"""Partners 'not elsewhere specified', bunkers (837), free zones (838), special categories (839)
and areas not specified (899); they keep Comtrade's number, as UN899."""


@dataclass(frozen=True)
class Comtrade(Covering):
    """Exports and imports of goods by partner of one reporter in one year.

    ``exports_fob_usd`` are the exports of ``state`` to ``partner`` in ``year`` and
    ``imports_cif_usd`` its imports from ``partner``, as ``state`` reports them, all goods (HS,
    TOTAL), in current US dollars, ≥ 0: Comtrade's primary value, which is free on board for
    exports and cost, insurance and freight included for imports. A partner that is not there is
    missing. The row of the world is left out.

    Fetching asks the official API with the key that the environment variable COMTRADE_API_KEY
    holds, one reporter and year at a time; the key is sent in a header and kept nowhere. Records
    may not be passed on without the permission of the United Nations Statistics Division.

    Parameters
    ----------
    reporter, year
        Whose report, and of which year.

    References
    ----------
    United Nations Statistics Division. UN Comtrade Database. https://comtradeplus.un.org

    Examples
    --------
    >>> Comtrade(reporter="KZ", year=2019).file.name
    'comtrade_KAZ_2019.json'
    """

    without_facts: ClassVar = (
        "Records come through the user's key and may not ship, so there is no file to hold a "
        "published figure against."
    )
    name: ClassVar = "comtrade"
    title: ClassVar = "UN Comtrade, total trade in goods by partner"
    producer: ClassVar = "United Nations Statistics Division"
    version: ClassVar = "as sent on the day of download"
    homepage: ClassVar = "https://comtradeplus.un.org/"
    licence: ClassVar = Licence(
        "UN Comtrade, no re-dissemination without permission",
        "https://comtradeplus.un.org/",
        redistribute_raw=False,
        quote="The current sentence of the terms was not seen.",
    )
    citation: ClassVar = Citation(
        "un_comtrade",
        "misc",
        "{United Nations Statistics Division}",
        "UN Comtrade Database",
        2025,
        "New York",
        url="https://comtradeplus.un.org/",
    )
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(name, label, "current USD", Coverage(span(1988, 2025)), range=(0, None))
        for name, label in (
            ("exports_fob_usd", "Exports of goods as the state reports them, free on board"),
            (
                "imports_cif_usd",
                "Imports of goods as the state reports them, cost, insurance and freight included",
            ),
        )
    )
    files: ClassVar = (
        File(
            "comtrade_*.json",
            API,
            how=f"Set {KEY_VARIABLE} to your key of comtradedeveloper.un.org and fetch; or keep an "
            "answer of the API as comtrade_KAZ_2019.json",
            seen_real=False,
        ),
    )
    notes: ClassVar = "Who reports is the state of the row."

    reporter: Actor = "KAZ"
    year: int = 2022

    @property
    def file(self) -> File:
        """The one answer that this step reads."""
        (pattern,) = self.files
        name = f"comtrade_{self.reporter}_{self.year}.json"
        return File(name, API, how=pattern.how, seen_real=False)

    def found(self, settings: Settings) -> Found:
        """Return the answer for this reporter and year."""
        here = find(self.file, settings)
        if here is not None:
            return Found(API, (here,))
        raise Unavailable(
            f"Comtrade's answer for {self.reporter} in {self.year} is not here ({self.file.name}).",
            f"Fetching it needs a key of your own (comtradedeveloper.un.org) in {KEY_VARIABLE}.",
            f"Call Comtrade(reporter={self.reporter!r}, year={self.year}).fetch(settings), or put "
            "the file into the folder that MULTIVECTOR_DATA names.",
        )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, exports and imports."""
        table = self._resolved(paths[0].read_bytes(), paths[0].name)
        key = ["state", "partner", "year"]
        refuse_duplicates(table, [*key, "flow"], paths[0].name)
        wide = table.pivot("flow", index=key, values="value")
        absent = [c for c in FLOWS.values() if c not in wide.columns]
        wide = wide.with_columns(pl.lit(None, pl.Float64).alias(c) for c in absent)
        return wide.select(*key, *FLOWS.values())

    def fetch(
        self, settings: Settings, progress: Progress | None = None, *, accept_loss: bool = False
    ) -> tuple[Snapshot, ...]:
        """Ask the official API with the user's key and keep its answer.

        Raises
        ------
        Unavailable
            When offline, without a key, or when the API refuses.
        SchemaError
            When the answer is cut off or holds no records.
        """
        del accept_loss
        name, folder = self.file.name, files_folder(settings)
        content = _ask(self.reporter, self.year, settings)
        self._resolved(content, name)
        if progress is not None:
            progress(len(content), len(content))
        partial = folder / "partial" / name
        partial.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        entry = Locked(
            sha256_of(partial), len(content), datetime.now(UTC).date().isoformat(), ADDRESS
        )
        update_lock(folder, name, entry, partial)
        return self.found(settings).snapshots

    def _resolved(self, content: bytes, name: str) -> pl.DataFrame:
        """Return the records of an answer with our ids, if it is the one that was asked for."""
        table = _records(content, name)
        table = table.with_columns(
            state=_ids(table["state"], table["year"]), partner=_ids(table["partner"], table["year"])
        )
        other = table.filter(
            (pl.col("state") != self.reporter) | (pl.col("year") != self.year)
        ).select("state", "year")
        if len(other):
            raise SchemaError(
                f"{name} is the answer of {' '.join(map(str, other.row(0)))}, not of "
                f"{self.reporter} {self.year}.",
                remedy="Fetch it again.",
            )
        return table.filter(pl.col("partner") != "")


def _ask(reporter: str, year: int, settings: Settings) -> bytes:
    """Return the API's answer; the key travels in a header, and no redirect is followed."""
    key = os.environ.get(KEY_VARIABLE, "").strip()
    possible = f"A key of your own in {KEY_VARIABLE}; they are free at comtradedeveloper.un.org."
    if settings.offline or not key:
        why = "no connection may be opened (offline)" if settings.offline else "there is no key"
        raise Unavailable(f"Comtrade cannot be asked: {why}.", possible)
    number = REPORTERS.get(reporter) or code(reporter, "m49", year)
    if not number:
        raise Unavailable(f"Comtrade has no reporter for {reporter} in {year}.")
    asked = {
        "reporterCode": number.lstrip("0"),
        "period": str(year),
        "cmdCode": "TOTAL",
        "flowCode": "X,M",
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
    }
    request = Request(f"{ADDRESS}?{urlencode(asked)}", headers={"Ocp-Apim-Subscription-Key": key})
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as reply:
            return reply.read()
    except HTTPError as error:
        with error:
            raise Unavailable(
                f"Comtrade answered {error.code} {error.reason} for {reporter} in {year}.",
                "401: the key is wrong; 403 or 429: its quota is used up.",
                "Try again later, or with another key.",
            ) from None
    except OSError as error:
        why = type(error).__name__  # the text of the error may hold the request
        raise Unavailable(f"Comtrade cannot be reached ({why}).", possible) from None


class _NoRedirect(HTTPRedirectHandler):
    """Takes a redirect for a refusal, so that the key goes to no other server."""

    def redirect_request(  # noqa: PLR0917 – urllib's own signature
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Return no further request."""
        del req, fp, code, msg, headers, newurl


def _records(content: bytes, name: str) -> pl.DataFrame:
    """Return reporter, partner, year, flow and value of the totals in an answer."""
    try:
        answer: Any = json.loads(content)
        rows: Any = answer["data"]
    except (ValueError, KeyError, TypeError):
        rows = None
    if not isinstance(rows, list) or not rows or len(rows) >= LIMIT:
        held = f"{len(rows)} records" if isinstance(rows, list) else "no list of records"
        raise SchemaError(
            f"{name} holds {held}.",
            f"An answer has 'data' with 1 to {LIMIT - 1:,} records; more are cut off.",
            "Fetch it again.",
        )
    total = {"cmdCode": "TOTAL", "partner2Code": "0", "customsCode": "C00", "motCode": "0"}
    kept = [
        r
        for r in rows
        if r["flowCode"] in FLOWS and all(str(r.get(k) or v) == v for k, v in total.items())
    ]
    return pl.DataFrame(
        {
            "state": [str(r["reporterCode"]) for r in kept],
            "partner": [str(r["partnerCode"]) for r in kept],
            "year": [int(r["period"]) for r in kept],
            "flow": [FLOWS[r["flowCode"]] for r in kept],
            "value": [r["primaryValue"] for r in kept],
        },
        schema={
            "state": pl.String,
            "partner": pl.String,
            "year": pl.Int32,
            "flow": pl.String,
            "value": pl.Float64,
        },
    ).drop_nulls("value")


def _ids(numbers: pl.Series, years: pl.Series) -> pl.Series:
    """Return ids for Comtrade's numbers; '' for the world."""
    pairs = pl.DataFrame({"code": numbers, "year": years})
    unique = pairs.unique(maintain_order=True)
    special = unique["code"].is_in([*AREAS, *NOT_NAMED.split()])
    plain = unique.filter(~special)
    ids = plain.with_columns(resolve_codes(plain["code"], plain["year"], "m49").alias("id"))
    areas = unique.filter(special).with_columns(
        id=pl.col("code").map_elements(lambda c: AREAS.get(c, f"UN{c}"), return_dtype=pl.String)
    )
    known = pl.concat([ids, areas])
    return pairs.join(known, on=["code", "year"], how="left", maintain_order="left")["id"]
