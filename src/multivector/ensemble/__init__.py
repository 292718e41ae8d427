"""Ensembles: a step under every source of uncertainty at once.

============  ====================================================================
sources       what is varied: named alternatives, weights, draws of the step
replays       the step at every point of a design over its sources
fast          the same for an index, as one array program
ensemble      intervals, ranks and shares of variance by source
alternatives  each alternative by itself
standing      all of these together, for an index or any step, as they print
============  ====================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multivector.ensemble.alternatives import OneAtATime, reversals
    from multivector.ensemble.ensemble import Ensemble, hangs_on
    from multivector.ensemble.sources import Dirichlet, Varied

_HOMES = {
    "Dirichlet": "sources",
    "Ensemble": "ensemble",
    "OneAtATime": "alternatives",
    "Varied": "sources",
    "hangs_on": "ensemble",
    "reversals": "alternatives",
}
__all__ = ["Dirichlet", "Ensemble", "OneAtATime", "Varied", "hangs_on", "reversals"]


def __getattr__(name: str) -> Any:
    """Load names when they are first used, since study files read choices only."""
    import importlib

    if name not in __all__:
        raise AttributeError(f"module 'multivector.ensemble' has no attribute {name!r}")
    return getattr(importlib.import_module(f"multivector.ensemble.{_HOMES[name]}"), name)
