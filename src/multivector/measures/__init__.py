"""Measures: definitions in the field's words. Each unwraps panels, calls a kernel, wraps draws."""
