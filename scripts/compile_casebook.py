"""Write the casebook tables from the publishers' files that MULTIVECTOR_DATA names.

Usage: ``python scripts/compile_casebook.py [NAME ...] [--into FOLDER]``. Without names, all tables.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import multivector.casebook
from multivector.extract import Extract
from multivector.registry import everything, find
from multivector.settings import Settings
from multivector.source import Source

HOME = Path(multivector.casebook.__path__[0])


def compile_table(extract: Extract, settings: Settings, folder: Path = HOME) -> Path:
    """Read the source of *extract* from real files, check its facts, and write the table."""
    source: Source = find("sources", extract.name)(layout=extract.layout)
    frame = source.load(source.found(settings)).frame
    source.check_facts(frame, extract.layout)
    return extract.write(frame, folder)


def main() -> None:
    """Write the tables named on the command line and print their sizes."""
    tables: dict[str, Extract] = everything("casebook")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(tables))
    parser.add_argument("--into", type=Path, default=HOME, metavar="FOLDER")
    options = parser.parse_args()
    settings = Settings.load()
    for name in options.names or tables:
        path = compile_table(find("casebook", name), settings, options.into)
        print(f"{path.stat().st_size / 1000:8.1f} kB  {path.name}")
    total = sum(path.stat().st_size for path in options.into.glob("*.parquet"))
    print(f"{total / 1000:8.1f} kB  in all")


if __name__ == "__main__":
    main()
