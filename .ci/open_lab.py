"""Step 7 of `make run`, and `make lab`: JupyterLab on the sample lesson, on loopback, until Ctrl-C.

Where there is a display Lab opens the browser itself; elsewhere the address is printed to be opened by hand.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from base import DATA, LOGS, PYTHON, ROOT, TAIL_LINES, StepFailed, child_env
from sample import COURSE, FOLDER, LESSON

PAGE = f"/lab/tree/{FOLDER}/{LESSON}.ipynb?knowhub={COURSE}/{LESSON}"
LOG = LOGS / "lab.log"
PATIENCE_S = 120


def open_lab() -> str:
    """Start JupyterLab, print its address and wait until it ends or Ctrl-C ends it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        # a session of its own: Ctrl-C is ours to turn into an orderly end, kernels and worker included
        server = subprocess.Popen(
            command(), cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        announce(server_info(server))
        status = server.wait()
    except KeyboardInterrupt:
        print("\nStopping JupyterLab …", flush=True)
        return "stopped"
    finally:
        end(server)
    if status:
        raise StepFailed(f"JupyterLab ended with status {status}. The end of {LOG}:\n{log_tail()}")
    return "ended"


def command() -> list[str]:
    """JupyterLab on loopback, whatever the user's configuration says; as root only there."""
    words = [
        str(PYTHON), "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url={PAGE}", f"--ServerApp.port={os.environ.get('PORT') or 8888}",
    ]
    if os.geteuid() == 0:
        words.append("--allow-root")
    if not has_display():
        words.append("--no-browser")
    return words


def environment() -> dict[str, str]:
    """The try-out's own data, window layout and settings, so that nothing of it stays in the home folder."""
    env = child_env()
    env.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(DATA / "lab-workspaces"))
    env.setdefault("JUPYTERLAB_SETTINGS_DIR", str(quiet_settings(DATA / "lab-settings")))
    return env


def quiet_settings(folder: Path) -> Path:
    """Keep JupyterLab from asking about news over the lesson, and from looking for updates on the network."""
    file = folder / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}) + "\n", encoding="utf-8")
    return folder


def has_display() -> bool:
    """Whether a browser opened from here would be seen."""
    if sys.platform == "darwin":
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def server_info(server: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What the server wrote about itself (url, token) once it listens. Raises StepFailed when it never does."""
    where = [str(PYTHON), "-c", "from jupyter_core.paths import jupyter_runtime_dir as d; print(d())"]
    runtime = subprocess.run(where, capture_output=True, text=True, check=True, env=environment()).stdout.strip()
    path = Path(runtime) / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            time.sleep(0.1)
    raise StepFailed(f"JupyterLab did not start. The end of {LOG}:\n{log_tail()}")


def announce(info: dict[str, Any]) -> None:
    """Print the address of the lesson, ready to be opened."""
    token = f"&token={info['token']}" if info.get("token") else ""
    print(f"      {info['url'].rstrip('/')}{PAGE}{token}")
    print(f"      {'Opening it in the browser' if has_display() else 'Open it in a browser'}; Ctrl-C stops it.")
    print(f"      What the server says: {LOG.relative_to(ROOT)}", flush=True)


def end(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to stop in order; insist when it does not."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def log_tail() -> str:
    """The last lines of Lab's log."""
    return "\n".join(LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:])
