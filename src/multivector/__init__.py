"""multivector measures, explains and stress-tests how a state balances between great powers.

>>> import multivector as mv
>>> from multivector.measures.similarity import SScore
>>> s = SScore(focal="KAZ", partners=("CHN",), years=(2007, 2019), by="period", draws=0)
>>> mv.run(s).at(partner="CHN").figure
'+0.77'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multivector.errors import MultivectorError
    from multivector.estimate import Estimate, stack
    from multivector.joins import join, mirrored, undirected
    from multivector.origin import Citation, Licence, Origin
    from multivector.panel import Panel
    from multivector.quantity import Quantity
    from multivector.runner import Runner, run
    from multivector.settings import Settings
    from multivector.source import Fact, Source
    from multivector.step import Inputs, Measure, Step, edit
    from multivector.study import Study, load
    from multivector.variable import Coverage, Key, Variable

__all__ = [
    "Citation",
    "Coverage",
    "Estimate",
    "Fact",
    "Inputs",
    "Key",
    "Licence",
    "Measure",
    "MultivectorError",
    "Origin",
    "Panel",
    "Quantity",
    "Runner",
    "Settings",
    "Source",
    "Step",
    "Study",
    "Variable",
    "edit",
    "join",
    "load",
    "mirrored",
    "run",
    "stack",
    "undirected",
]

_HOMES = {
    "errors": ["MultivectorError"],
    "estimate": ["Estimate", "stack"],
    "joins": ["join", "mirrored", "undirected"],
    "origin": ["Citation", "Licence", "Origin"],
    "panel": ["Panel"],
    "quantity": ["Quantity"],
    "runner": ["Runner", "run"],
    "settings": ["Settings"],
    "source": ["Fact", "Source"],
    "step": ["Inputs", "Measure", "Step", "edit"],
    "study": ["Study", "load"],
    "variable": ["Coverage", "Key", "Variable"],
}


def __getattr__(name: str) -> Any:
    """Load public names when they are first used, so that importing the package costs nothing."""
    import importlib

    for module, names in _HOMES.items():
        if name in names:
            value = getattr(importlib.import_module(f"multivector.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'multivector' has no attribute {name!r}")
