"""Takes the time of a stretch of work; or its profile, in the writer's thread and in the callers'."""

import cProfile
import gc
import io
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager

from chibox.box import Box

_LINES = 45


class Watch:
    """Measures one stretch of work at a time; `seconds` is the last one. `profiling`: profiles are kept as well."""

    def __init__(self, *, profiling: bool = False) -> None:
        self.seconds = 0.0
        self.profiling = profiling
        self.profiles: dict[str, str] = {}

    @contextmanager
    def timed(self, what: str, box: Box | None = None) -> Iterator[None]:
        """Time what is done inside; what was there before is no longer garbage."""
        gc.collect()
        with self._profiled(what, box):
            begun = time.perf_counter()
            yield
            self.seconds = time.perf_counter() - begun

    @contextmanager
    def _profiled(self, what: str, box: Box | None) -> Iterator[None]:
        if not self.profiling:
            yield
            return
        profile = cProfile.Profile()
        if box is None:
            with profile:
                yield
        else:  # a profile belongs to the thread that enables it: here the writer's
            box.writer.submit(profile.enable).result()
            try:
                yield
            finally:
                box.writer.submit(profile.disable).result()
        self.profiles[what] = _text(profile)


def _text(profile: cProfile.Profile) -> str:
    out = io.StringIO()
    found = pstats.Stats(profile, stream=out)
    found.strip_dirs().sort_stats("tottime").print_stats(_LINES)
    return out.getvalue()
