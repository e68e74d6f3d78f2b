"""Run a command with the services its tests need: `python .ci/services.py --postgres -- pytest tests/store`.

`--postgres` starts a throw-away PostgreSQL and exports its address as KNOWHUB_TEST_PG; `--chromium` finds Chromium
and exports its path as KNOWHUB_TEST_CHROMIUM; `--cage` and `--voice` see to it that bubblewrap and espeak-ng are there.
What is missing is installed with apt where that is allowed. Without a command the services stay up until Ctrl-C. An
address or path that is set already is used as it is.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import apt
import postgres
from base import StepFailed

POSTGRES_PACKAGES = ("postgresql",)
CAGE_PACKAGES = ("bubblewrap",)
VOICE_PACKAGES = ("espeak-ng",)
CHROMIUM_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-core")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the command, or 1 when a service could not be had."""
    options = parse(arguments)
    with ExitStack() as stack:
        try:
            env = provide(options, stack)
        except StepFailed as error:
            print(error, file=sys.stderr)
            return 1
        return run(options.command, env) if options.command else wait(env)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Options, and everything after `--` as the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true", help="start a throw-away PostgreSQL")
    parser.add_argument("--chromium", action="store_true", help="find or install Chromium")
    parser.add_argument("--cage", action="store_true", help="find or install bubblewrap")
    parser.add_argument("--voice", action="store_true", help="find or install espeak-ng, a synthesiser")
    parser.add_argument("command", nargs="*", help="what to run, after --")
    return parser.parse_args(arguments)


def provide(options: argparse.Namespace, stack: ExitStack) -> dict[str, str]:
    """Start what was asked for; the variables that tell a test where it is."""
    env = {}
    if options.postgres and not os.environ.get("KNOWHUB_TEST_PG"):
        programs = apt.postgres_bin() or (apt.install(*POSTGRES_PACKAGES) and apt.postgres_bin())
        if programs:
            env["KNOWHUB_TEST_PG"] = stack.enter_context(postgres.running(programs))
        else:
            apt.missing("PostgreSQL", " ".join(POSTGRES_PACKAGES))
    if options.cage and not apt.bubblewrap() and not (apt.install(*CAGE_PACKAGES) and apt.bubblewrap()):
        apt.missing("bubblewrap", " ".join(CAGE_PACKAGES))
    if options.voice and not apt.espeak() and not (apt.install(*VOICE_PACKAGES) and apt.espeak()):
        apt.missing("espeak-ng", " ".join(VOICE_PACKAGES))
    if options.chromium:
        browser = apt.chromium() or (apt.install(*CHROMIUM_PACKAGES) and apt.chromium())
        if browser:
            env["KNOWHUB_TEST_CHROMIUM"] = str(browser)
        else:
            apt.missing("Chromium", " ".join(CHROMIUM_PACKAGES))
    return env


def run(command: Sequence[str], env: dict[str, str]) -> int:
    """Run the command and pass on its status; Ctrl-C is the command's to answer, we stop the services after it."""
    child = subprocess.Popen(command, env={**os.environ, **env})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status


def wait(env: dict[str, str]) -> int:
    """Print the variables and keep the services up until Ctrl-C."""
    for name, value in env.items():
        print(f"export {name}={value}", flush=True)
    print("Ctrl-C stops them.", file=sys.stderr, flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
