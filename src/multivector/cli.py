"""The multivector command.

The argument of a command that takes a study follows one rule: ending in ``.toml`` it is a study
file; else the name of a shipped study; else a state (code or name), which gets the default study
with that focal state.
"""

from __future__ import annotations

import os
import sys
import warnings

from multivector.commands import data, papers, robustness, studies
from multivector.commands.app import app
from multivector.errors import MultivectorError, exit_code
from multivector.terminal import err

__all__ = ["app", "data", "main", "papers", "robustness", "studies"]


def main(arguments: list[str] | None = None) -> None:
    """Run the command; the exit code tells the class of an error."""
    warnings.showwarning = _show_warning
    try:
        app(arguments)
    except MultivectorError as error:
        err.print(f"multivector: {error}")
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 – `| head` had enough
        sys.exit(141)
    except OSError as error:
        err.print(f"multivector: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped. Finished steps are kept; the next run goes on from there.")
        sys.exit(130)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    err.print(f"note: {message}")


if __name__ == "__main__":
    main()
