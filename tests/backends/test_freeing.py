"""What is freed goes back to the system when asked."""

from __future__ import annotations

import ctypes
import sys

import psutil
import pytest

from knowhub_ext.backends.freeing import give_back

_SIZE, _COUNT = 64 << 10, 2_000


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' allocators are not asked")
def test_memory_that_the_c_library_kept_is_given_back() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    blocks = [libc.malloc(_SIZE) for _ in range(_COUNT)]
    for block in blocks:
        ctypes.memset(block, 1, _SIZE)
    for block in blocks[:-1]:  # the last one keeps the heap's top where it is
        libc.free(block)
    kept = psutil.Process().memory_info().rss
    give_back()
    assert kept - psutil.Process().memory_info().rss > _SIZE * _COUNT // 2
    libc.free(blocks[-1])
