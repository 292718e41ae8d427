"""Domains of engagement: what a state's ties are counted in, declared once and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal
from zlib import crc32

from multivector.choices import Parsed
from multivector.estimate import Estimate
from multivector.registry import find
from multivector.step import Step

Kind = Literal["economic", "security", "diplomatic", "institutional"]
Benchmark = Literal["gravity", "world", "uniform"]


@dataclass(frozen=True)
class Option:
    """One way to get the shares of a domain: a registered measure and its choices.

    A choice written ``@NAME`` stands for the registered source of that name.
    """

    measure: str
    choices: tuple[tuple[str, str], ...] = ()

    def step(self, given: dict[str, Any]) -> Step[Estimate]:
        """Return the measure with these choices and those of *given* that it has."""
        kind = find("measures", self.measure)
        known = {f.name for f in fields(kind)}
        own = {k: find("sources", v[1:])() if v.startswith("@") else v for k, v in self.choices}
        made: Step[Estimate] = kind(**{k: v for k, v in given.items() if k in known}, **own)
        return made


@dataclass(frozen=True)
class Domain:
    """One substantive domain in which a state engages with partners.

    The domains live one per file in ``domains/``. Each is counted in its own unit and becomes
    shares within itself only; amounts of two domains are never added.

    Parameters
    ----------
    kind
        What it is in substance; only a ``security`` domain lets a text speak of hedging.
    counted
        What is counted, in words.
    options
        Steps that give the shares, best first; the first whose data are here is used. Empty where
        no open data are comparable across partners.
    absent
        Why there are no data, where there are none.
    benchmark
        What engagement is set against: shares expected by ``gravity``, shares in ``world`` output,
        or equal shares.

    Examples
    --------
    >>> from multivector.registry import find
    >>> find("domains", "trade").kind
    'economic'
    """

    name: str
    label: str
    kind: Kind
    order: int
    counted: str
    absent: str
    options: tuple[Option, ...] = ()
    benchmark: Benchmark = "world"

    def steps(
        self, focal: str, partners: tuple[str, ...], draws: int, seed: int
    ) -> Iterator[Step[Estimate]]:
        """Yield the steps that give the shares of *partners*, best first.

        The seed is the domain's own, so that draws of different domains are independent.
        """
        own = crc32(f"{self.name} {seed}".encode())
        given = {"focal": focal, "partners": partners, "draws": draws, "seed": own}
        for option in self.options:
            yield option.step(given)


def _name(name: str) -> str:
    return str(find("domains", name).name)


DomainName = Annotated[str, Parsed(_name)]
