"""Panels: universes of states and dyads, and steps that put tables together."""
