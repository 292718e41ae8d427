"""Ensembles: a step under every source of uncertainty at once.

===========  ====================================================================
sources      what is varied: named alternatives, weights, draws of the step
replays      the step at every point of a design over its sources
fast         the same for an index, as one array program
ensemble     intervals, ranks and shares of variance by source
===========  ====================================================================
"""

from multivector.ensemble.ensemble import Ensemble, hangs_on
from multivector.ensemble.sources import Dirichlet, Varied

__all__ = ["Dirichlet", "Ensemble", "Varied", "hangs_on"]
