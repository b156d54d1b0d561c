"""Memory that is handed out cleared, for files that are written with more than was put into them.

Chroma's vector files hold room for more elements than there are, written as the memory was found: with
remains of whatever lay there before, words of removed articles among it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_PERTURB = -6  # glibc: fill what is allocated with the complement of this byte
_ZEROS = 0xFF


@contextmanager
def cleared_memory() -> Iterator[None]:
    """Allocations of the whole process start as zeros, until the end; only where the C library is glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        yield
        return
    mallopt(_PERTURB, _ZEROS)
    try:
        yield
    finally:
        mallopt(_PERTURB, 0)
