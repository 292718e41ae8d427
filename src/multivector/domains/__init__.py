"""Domains of engagement, one file each; see :mod:`multivector.domain`."""
