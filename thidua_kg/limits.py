"""What may a process that helps this one take? Memory, where the system can hold it to that."""

from __future__ import annotations

import sys

MEMORY = 3 << 30  # bytes of addresses that a helper may take, and what it starts


def bound_memory(size: int = MEMORY) -> None:
    """Let this process fail where it wants more; Linux only, elsewhere nothing is done."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
