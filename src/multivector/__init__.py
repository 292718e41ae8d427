"""multivector measures, explains and stress-tests how a state balances between great powers."""
