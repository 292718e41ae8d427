"""Claims: sentences of a paper made testable, and what the data say of them."""
