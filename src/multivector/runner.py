"""Run: evaluate a tree of steps; the only place where provenance is attached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, TypeVar, cast

from multivector.cache import Cache
from multivector.codec import decode, encode
from multivector.errors import InputError
from multivector.estimate import Estimate
from multivector.origin import Citation, Origin, unite
from multivector.panel import Panel
from multivector.registry import code_stamp
from multivector.settings import Settings
from multivector.step import Step

T = TypeVar("T", Panel, Estimate)


def run(step: Step[T], settings: Settings | None = None) -> T:
    """Evaluate *step* and return its value, with the union of its inputs' origins.

    Values are kept in a content-addressed cache on disk, so equal trees over equal files are
    computed once; a damaged entry is computed again.
    """
    return Runner(settings)(step)


class Runner:
    """Evaluates several trees and shares what they have in common.

    ``progress`` is called with each step just before it is computed.
    """

    def __init__(
        self, settings: Settings | None = None, progress: Callable[[Step[Any]], None] | None = None
    ) -> None:
        self.settings = settings or Settings.load()
        self.cache = Cache(self.settings.cache / "values")
        self._progress = progress
        self._version = metadata.version("multivector")
        self._values: dict[Step[Any], Any] = {}
        self._fingerprints: dict[Step[Any], str] = {}

    def __call__(self, step: Step[T]) -> T:
        """Return the value of *step*, from memory, from the cache, or computed."""
        if step not in self._values:
            key = self._key(step)
            data = self.cache.get(key) if key else None
            self._values[step] = self._compute(step, key) if data is None else decode(data)
        return self._values[step]

    def fingerprint(self, step: Step[Any]) -> str:
        """Return the fingerprint of *step* over the files that these settings lead to."""
        return step.fingerprint(self.settings, self._version, self._fingerprints)

    def _key(self, step: Step[Any]) -> str:
        """Return the cache key; empty when some step's code cannot be read, as in a notebook."""
        stamp = code_stamp(frozenset(type(s).__module__.partition(".")[0] for s in step.walk()))
        return stamp and f"{self.fingerprint(step)} {stamp}"

    def _compute(self, step: Step[T], key: str) -> T:
        if self._progress is not None:
            self._progress(step)
        inputs = _Inputs(self, step)
        value = step.compute(inputs)
        methods = dict.fromkeys((*inputs.methods, *step.citations))
        value = value.with_provenance(unite(*inputs.origins), methods, self.fingerprint(step))
        if key:
            self.cache.put(key, encode(value))
        return value


@dataclass
class _Inputs:
    """The values of one step's inputs, with a record of what was read."""

    runner: Runner
    step: Step[Any]
    origins: list[tuple[Origin, ...]] = field(default_factory=list)
    methods: list[Citation] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.runner.settings

    def __call__(self, step: Step[T], *variables: str) -> T:
        if step not in self.step.inputs:
            raise InputError(f"{self.step} reads {step}, which is not among its inputs.")
        value = self.runner(step)
        if variables and isinstance(value, Panel):
            value = cast("T", value.select(*variables))
        self.origins.append(value.provenance)
        self.methods += value.methods
        return value
