"""The casebook: small tables that ship in the package, each declared beside its file."""
