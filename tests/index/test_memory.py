"""Memory that starts as zeros, whatever lay there before."""

from __future__ import annotations

import ctypes

import pytest

from index.memory import cleared_memory

SIZE = 5000


def test_memory_is_handed_out_cleared() -> None:
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt"):
        pytest.skip("the C library is not glibc")
    libc.malloc.restype = ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    used = [libc.malloc(SIZE) for _ in range(50)]
    for place in used:
        ctypes.memset(place, 0xAA, SIZE)
        libc.free(place)
    with cleared_memory():
        places = [libc.malloc(SIZE) for _ in range(50)]
        assert all(not any(ctypes.string_at(place, SIZE)) for place in places)
        for place in places:
            libc.free(place)
