"""Direct investment, by the stock that partners hold in the state."""

from multivector.domain import Domain, Option

INVESTMENT = Domain(
    "investment",
    "Investment",
    "economic",
    order=20,
    counted="stock of inward direct investment by immediate investor, at the end of the year",
    absent="no open table of stocks by partner may ship; feed one of the IMF or of wiiw",
    options=(
        Option("investment_share", (("investment", "@imf_dip"), ("negative", "leave out"))),
        Option("investment_share", (("investment", "@wiiw_fdi"), ("negative", "leave out"))),
    ),
    benchmark="gravity",
)
