"""Misspelt settings and unknown kinds of origin."""

from __future__ import annotations

from multivector.origin import CC0, Origin
from multivector.settings import Settings

Settings(offline=True, threads=2)
Settings(ofline=True)  # refused: reportCallIssue
Settings(threads="two")  # refused: reportArgumentType

Origin("un_votes", "Roll calls", "UN", "2024", CC0, kind="assumption")
Origin("un_votes", "Roll calls", "UN", "2024", CC0, kind="guess")  # refused: reportArgumentType
Origin("un_votes", "Roll calls", "UN", "2024", "CC0")  # refused: reportArgumentType
