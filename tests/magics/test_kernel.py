"""The kernelspec of kernels/knowhub, started as Jupyter starts it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

KERNELS = Path(__file__).parents[2] / "kernels"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingKernelClient]:
    monkeypatch.setenv("KNOWHUB_API_URL", "http://127.0.0.1:9")  # nobody there: loading the magics must not mind
    specs = KernelSpecManager(kernel_dirs=[str(KERNELS)])
    manager = KernelManager(kernel_name="knowhub", kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> str:
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        said.append(json.dumps(message["content"]))

    client.execute_interactive(code, timeout=60, output_hook=hear)
    return "".join(said)


def test_the_magics_are_there_from_the_start(client: BlockingKernelClient) -> None:
    assert "what you have watched, lesson by lesson" in run(client, "%knowhub help")
    assert "No KnowHub server answers" in run(client, "%%ask -c fullstack\nWho redelivers?")


def test_the_kernel_has_its_pictures() -> None:
    names = {path.name for path in (KERNELS / "knowhub").iterdir()}
    assert names >= {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}
