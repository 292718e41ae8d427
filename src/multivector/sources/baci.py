"""CEPII BACI: bilateral merchandise trade, one reconciled value for each directed pair and year."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.panel import Panel
from multivector.source import Found, Source
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import DIRECTED_DYAD_YEAR, STATE_YEAR, Coverage, Defect, Variable, span

ZIP, SUMS = "baci zip", "product sums"
COVERAGES = {ZIP: Coverage(span(1995, 2024)), SUMS: Coverage(span(2000, 2020))}
AREAS = {"58": "BLX", "490": "TWN", "697": "R20", "711": "ZA1", "849": "PUS"}
"""Areas of BACI that ISO 3166 does not name, by BACI's number: Belgium-Luxembourg (to 1998),
"Other Asia, not elsewhere specified" (read as Taiwan, see `notes`), the European Free Trade
Association n.e.s., the Southern African Customs Union (to 1999), US Pacific islands."""
BLOCK = 1 << 23
"""Bytes of a zip member that are held at once."""
HALF_YEAR = Defect(
    ("KAZ", "RUS"),
    (2010,),
    "Trade between Kazakhstan and Russia in 2010 is recorded for about half of the year, when the "
    "customs union replaced declarations at the border. Totals and shares of both states are "
    "unknown for that year.",
)
LICENCE = Licence(
    "Etalab 2.0",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    redistribute_raw=True,
    quote="BACI is distributed under the Etalab Open Licence 2.0, which means that any use is "
    "authorized, provided the source is mentionned. Mentioning BACI and the CEPII is an "
    "appropriate reference, ideally a link to the webpage can be added.",
)
CITATION = Citation(
    "gaulier2010",
    "techreport",
    "Gaulier, Guillaume and Zignago, Soledad",
    "BACI: International Trade Database at the Product-Level. The 1994-2007 Version",
    2010,
    "CEPII Working Paper 2010-23",
    url="https://www.cepii.fr/CEPII/en/publications/wp/abstract.asp?NoDoc=2726",
)
FILES = (
    File(
        "BACI_HS92_V*.zip",
        ZIP,
        url="https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip",
        how="CEPII offers BACI in the Harmonized System of 1992 on the page of the database.",
        seen_real=False,
    ),
    File(
        "cepii_baci_bilateral_totals_2000_2020.csv.gz",
        SUMS,
        how="Sums over products of BACI 2000-2020, made from the matrix that A. Spike published "
        "with a study of trade communities; columns year, exporter, importer, value_kusd",
    ),
)
SUMS_VERSION = "release not stated (V202201 or later, since it holds 2020)"


@dataclass(frozen=True)
class FromBaci(Source):
    """What the views of BACI share: producer, terms, files, and how a zip tells its release."""

    producer: ClassVar = "Centre d'études prospectives et d'informations internationales (CEPII)"
    version: ClassVar = "V202601, Harmonized System of 1992"
    versions: ClassVar = {SUMS: SUMS_VERSION}
    homepage: ClassVar = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    files: ClassVar = FILES
    coverages: ClassVar = COVERAGES
    without_facts: ClassVar = (
        "No printed total of a release was found that sums over products could show; the tests "
        "compare the two layouts with each other and with rows made by hand."
    )

    def load(self, found: Found) -> Panel:
        """Read *found*; a zip's own name and rows say which release and which years it holds."""
        panel = super().load(found)
        if found.layout != ZIP:
            return panel
        release = found.snapshots[0].path.stem.rpartition("_")[2]
        version = f"{release}, Harmonized System of 1992"
        return replace(
            panel,
            variables=tuple(
                replace(
                    v,
                    coverage=Coverage(panel.years),
                    origins=tuple(replace(o, version=version) for o in v.origins),
                )
                for v in panel.variables
            ),
        )


@dataclass(frozen=True)
class Baci(FromBaci):
    """Exports of goods from each economy to each other economy, summed over products.

    ``exports_kusd`` is the value of all goods that went from ``state`` to ``partner`` in ``year``,
    in thousand current US dollars, free on board, ≥ 0. BACI reconciles what the exporter and the
    importer report, so the same figure is the partner's import.

    A missing pair is missing, not zero: "To save space, only the strictly positive trade flows
    are recorded in BACI", and only further files of CEPII tell "whether a flow not appearing in
    BACI corresponds to a zero trade flow, or a flow for which no information is available"
    (CEPII, Description of BACI). Economies that are no state of the state table keep BACI's code,
    so that no value is lost (see ``AREAS``).

    References
    ----------
    Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level.
    The 1994-2007 Version. CEPII Working Paper 2010-23.

    Examples
    --------
    >>> Baci.key.columns
    ('state', 'partner', 'year')
    >>> Baci.variables[0].unit
    'thousand current USD'
    """

    name: ClassVar = "baci"
    title: ClassVar = "BACI"
    key: ClassVar = DIRECTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "exports_kusd",
            "Exports of goods, free on board, exporter's and importer's reports reconciled",
            "thousand current USD",
            COVERAGES[ZIP],
            range=(0, None),
            defects=(HALF_YEAR,),
        ),
    )
    notes: ClassVar = (
        "An absent pair may have traded nothing or be unreported. Taiwan stands for 'Other "
        "Asia, not elsewhere specified'. The product sums hold 206 economies, without Taiwan, "
        "Serbia and Montenegro before 2006, and the Netherlands Antilles."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return exporter, importer, year and value; sums over products are exact."""
        flows = _zip(paths[0]) if layout == ZIP else _product_sums(paths[0])
        sums = summed(flows, "state", "partner", "year")
        return sums.drop("value").with_columns(thousands(sums).alias("exports_kusd"))


@dataclass(frozen=True)
class BaciTotals(FromBaci):
    """Each economy's exports to, and imports from, all other economies of BACI.

    ``exports_world_kusd`` is the sum of BACI's flows over importers and ``imports_world_kusd`` the
    sum over exporters, in thousand current US dollars, free on board, ≥ 0. They are sums over the
    recorded partners only, so trade with economies that BACI (or the file read) leaves out is not
    in them. Null where an economy has no recorded flow in that direction.

    References
    ----------
    Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level.
    The 1994-2007 Version. CEPII Working Paper 2010-23.

    Examples
    --------
    >>> [v.name for v in BaciTotals.variables]
    ['exports_world_kusd', 'imports_world_kusd']
    """

    name: ClassVar = "baci_world"
    title: ClassVar = "BACI, totals by economy"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = tuple(
        Variable(
            name,
            label,
            "thousand current USD",
            COVERAGES[ZIP],
            range=(0, None),
            defects=(HALF_YEAR,),
        )
        for name, label in (
            ("exports_world_kusd", "Exports of goods to all economies of BACI, free on board"),
            ("imports_world_kusd", "Imports of goods from all economies of BACI, free on board"),
        )
    )
    notes: ClassVar = "Sums over the recorded partners. " + Baci.notes

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return each economy's sums over importers and over exporters."""
        flows = _zip(paths[0]) if layout == ZIP else _product_sums(paths[0])
        exports = summed(flows, "state", "year")
        imports = summed(flows.select("year", "value", state="partner"), "state", "year")
        return exports.select("state", "year", thousands(exports).alias("exports_world_kusd")).join(
            imports.select("state", "year", thousands(imports).alias("imports_world_kusd")),
            on=["state", "year"],
            how="full",
            coalesce=True,
        )


def _whole(value: pl.Expr) -> pl.Expr:
    """Return thousand USD as whole millionths, so that sums are exact in any order."""
    return (value * 1e6).round().cast(pl.Int64)


def thousands(sums: pl.DataFrame) -> pl.Series:
    """Return whole millionths as the nearest number of thousand USD (numpy divides exactly)."""
    return pl.Series(sums["value"].to_numpy() / 1e6)


def summed(flows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """Return the sum of ``value`` by *key*, in its order."""
    return flows.group_by(key).agg(pl.col("value").sum()).sort(key)


def _product_sums(path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, schema_overrides={"year": pl.Int32, "value_kusd": pl.Float64}).select(
        "year", state="exporter", partner="importer", value=_whole(pl.col("value_kusd"))
    )
    return frame.with_columns(
        _ids(frame["state"], frame["year"]), _ids(frame["partner"], frame["year"])
    )


def _ids(codes: pl.Series, years: pl.Series) -> pl.Series:
    """Return our ids for ISO alpha-3 codes; a code that is no state of the table stays as it is."""
    pairs = pl.DataFrame({"code": codes, "year": years})
    unique = pairs.unique(maintain_order=True)
    ids = resolve_codes(unique["code"], unique["year"], "iso3", unknown="null")
    known = unique.with_columns(pl.Series("id", ids, dtype=pl.String).fill_null(unique["code"]))
    return pairs.join(known, on=["code", "year"], how="left", maintain_order="left")["id"].alias(
        codes.name
    )


def _zip(path: Path) -> pl.DataFrame:
    """Return exporter, importer, year and value, summed over products."""
    (flows,) = release(path, ("t", "i", "j"))
    return flows.rename({"i": "state", "j": "partner", "t": "year"})


def release(path: Path, *keys: tuple[str, ...], digits: int = 0) -> list[pl.DataFrame]:
    """Sum a release by each of *keys*, one yearly member after the other, a block at a time.

    Keys are columns of CEPII's: t (year), i (exporter), j (importer), k (product, of which the
    first *digits* are kept, and which is not read without any). Sums are whole millionths of
    thousand USD; economies have our ids.
    """
    with zipfile.ZipFile(path) as archive:
        members = sorted(archive.namelist())
        yearly = [m for m in members if fnmatch(Path(m).name, "BACI_HS*_Y*_V*.csv")]
        listed = [m for m in members if fnmatch(Path(m).name, "country_codes_V*.csv")]
        if not yearly or len(listed) != 1:
            raise SchemaError(
                f"{path.name} holds {len(yearly)} yearly tables and {len(listed)} country lists.",
                "A release holds BACI_HS*_Y*_V*.csv for each year, and country_codes_V*.csv.",
                "Drop in the zip as CEPII publishes it.",
            )
        with archive.open(listed[0]) as stream:
            countries = _countries(stream.read())
        parts: list[list[pl.DataFrame]] = [[] for _ in keys]
        for member in yearly:
            sums: list[list[pl.DataFrame]] = [[] for _ in keys]
            with archive.open(member) as stream:
                for block in _blocks(stream, member, digits):
                    for done, key in zip(sums, keys, strict=True):
                        done.append(summed(block, *key))
            for year, done, key in zip(parts, sums, keys, strict=True):
                year.append(summed(pl.concat(done), *key))
    return [_named(pl.concat(years), countries, path.name) for years in parts]


def _named(flows: pl.DataFrame, countries: dict[str, str], name: str) -> pl.DataFrame:
    """Give economies our ids."""
    sides = [c for c in ("i", "j") if c in flows.columns]
    unknown = sorted({code for c in sides for code in flows[c].unique()} - set(countries))
    if unknown:
        raise SchemaError(
            f"{name} has flows of {', '.join(unknown)}, which its country list does not name.",
            remedy="Drop in the zip as CEPII publishes it.",
        )
    flows = flows.with_columns(pl.col(sides).replace_strict(countries))
    return flows.with_columns(_ids(flows[c], flows["t"]) for c in sides)


def _countries(text: bytes) -> dict[str, str]:
    """Return code by BACI's number: ours for special areas, else ISO alpha-3, else the number."""
    table = pl.read_csv(text, infer_schema=False, encoding="utf8-lossy")  # names are not used
    pairs = zip(table["country_code"], table["country_iso3"], strict=True)
    named = {n: iso if iso and len(iso) == 3 and iso != "N/A" else n for n, iso in pairs}
    return named | {n: area for n, area in AREAS.items() if n in named}


def _blocks(stream: IO[bytes], member: str, digits: int) -> Iterator[pl.DataFrame]:
    """Yield year, sides, product and value of a yearly member, whole lines at a time."""
    header = stream.readline()
    columns = [c.strip() for c in header.decode("utf-8-sig").split(",")]
    if set("tijkv" if digits else "tijv") - set(columns):
        raise SchemaError(
            f"{member} has columns {', '.join(columns)}.",
            "A yearly table of BACI has t, i, j, k, v, q.",
            "Drop in the zip as CEPII publishes it.",
        )
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if whole:
            yield _parsed(header + whole + newline, digits)
    if rest.strip():
        yield _parsed(header + rest, digits)


def _parsed(text: bytes, digits: int) -> pl.DataFrame:
    product = pl.col("k").str.strip_chars().str.zfill(6).str.slice(0, digits)
    table = pl.read_csv(text, columns=[*("tijkv" if digits else "tijv")], infer_schema=False)
    return table.select(
        pl.col("t").str.strip_chars().cast(pl.Int32),
        pl.col("i", "j").str.strip_chars().str.strip_chars_start("0"),
        *([product] if digits else []),
        value=_whole(pl.col("v").str.strip_chars().cast(pl.Float64)),
    )
