"""A canary: a server on loopback that counts who comes, whatever they say."""

from __future__ import annotations

import socket
import threading
import time


class Listener:
    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._socket.accept()
            except OSError:
                return
            with wire:
                wire.settimeout(0.5)
                self.heard.append(b"")
                try:
                    self.heard[-1] = wire.recv(400)
                    wire.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                except OSError:
                    continue

    def wait(self) -> None:
        """Return once somebody has connected; the connection stands before we are told of it."""
        deadline = time.monotonic() + 30
        while not self.heard:
            assert time.monotonic() < deadline, "nobody connected"
            time.sleep(0.01)

    def close(self) -> None:
        self._socket.close()
