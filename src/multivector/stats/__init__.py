"""Array kernels: arrays in, arrays or frozen records of arrays out.

A kernel knows neither states nor years; it sees axes, whose meaning its docstring states.
Missing is NaN (or a declared code) on the way in and NaN on the way out, never zero.

==============  ===================================================================
agreement       contingency tables of votes; agreement, S, Cohen's κ, Scott's π
split_votes     where two parties vote opposite: distance, lean, evenness
composition     shares, balance, departure from a target, partition between two powers
concentration   Herfindahl, entropy, effective numbers, Theil; bounds with missing cells
summaries       intervals of draws, bootstrap by family, ranks and percentiles
==============  ===================================================================
"""
