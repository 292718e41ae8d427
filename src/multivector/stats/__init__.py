"""Array kernels: arrays in, arrays or frozen records of arrays out.

A kernel knows neither states nor years; it sees axes, whose meaning its docstring states.
Missing is NaN (or a declared code) on the way in and NaN on the way out, never zero.

===================  ========================================================================
agreement            contingency tables of votes; agreement, S, Cohen's κ, Scott's π
similarity           every measure of similarity for all dyads, from one table per dyad
split_votes          where two parties vote opposite: distance, lean, evenness
ideal_point          ideal points of voters over time, and the modules ``ideal_…`` around it
diagnostics          convergence of Markov chains: split-R̂, effective sample size
composition          shares, balance, departure from a target, partition between two powers
imputation           screening, denomination, missing cells of units × indicators
outliers             skewness, kurtosis; winsorising, logarithm, Box–Cox
normalisation        indicators of different units made comparable
weighting            weights given, from experts, from data; never negative
aggregation          means, Copeland's score, benefit of the doubt
multivariate         correlation, Cronbach's α, principal components, redundancy
sensitivity          A|B designs, Sobol indices, ranks over replays
bounds               what missing cells allow at least and at most
concentration        Herfindahl, entropy, effective numbers, Theil; bounds with missing cells
dependence           openness, sensitivity, symmetry and intensity of trade; exposure
mirror_flows         two reports of one flow: freight, reliability, the reconciled value
general_equilibrium  real income after a change of trade costs, in an Armington economy
breaks               level and trend breaks of yearly series, placebo ranks, Holm and BH
substitution         gains beyond an even split of another's loss
summaries            intervals of draws, bootstrap by family, ranks and percentiles
===================  ========================================================================
"""
