"""No value leaves a stage through an error: Dagster keeps what an op raises, and shows it on its pages.

Belongs here: the guard of every op. Must not go here: what counts as a value (warehouse/errors.py).
Concept: our own errors carry no value and pass. Whatever else is raised, an engine's or a library's, is told by its
kind, its text with values redacted, and the lines of code that it came through.
"""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import dagster as dg

from warehouse.errors import CdpError, sanitised

Step = TypeVar("Step", bound=Callable[..., Any])


def without_values(step: Step) -> Step:
    """Guard the body of an op, below Dagster's own decorator."""

    @functools.wraps(step)
    def stage(*args: Any, **kwargs: Any) -> Any:
        with _redacted():
            return step(*args, **kwargs)

    @functools.wraps(step)
    def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with _redacted():
            yield from step(*args, **kwargs)

    return stream if inspect.isgeneratorfunction(step) else stage  # type: ignore[return-value]


@contextmanager
def _redacted() -> Iterator[None]:
    try:
        yield
    except (CdpError, dg.Failure) as error:
        raise error from None
    except Exception as error:  # noqa: BLE001 — raised again, without its values
        raise dg.Failure(
            f"{type(error).__name__}: {sanitised(error)}",
            metadata={"raised at": dg.MetadataValue.text("".join(traceback.format_tb(error.__traceback__)))},
            allow_retries=False,
        ) from None
