"""How much memory may a process take, and how does it give back what it needs no longer? As far as the system lets it."""

from __future__ import annotations

import sys
from contextlib import suppress

MEMORY = 3 << 30  # bytes of addresses that a helper may take, and what it starts


def bound_memory(size: int = MEMORY) -> None:
    """Let this process fail where it wants more; Linux only, elsewhere nothing is done."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def give_back_memory() -> None:
    """Let the system have what is free: the C library of Linux keeps it, for each thread apart, a gigabyte after large loads.

    Other systems' libraries do so by themselves, as does that of some Linuxes, which has no such call.
    """
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).malloc_trim(0)
