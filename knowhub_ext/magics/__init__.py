"""`%load_ext knowhub_ext.magics`: `%knowhub` and `%%ask` for IPython. Reaches the hub on first use, not when loaded."""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from knowhub_ext.magics.commands import KnowHubMagics


def load_ipython_extension(shell: InteractiveShell) -> None:
    shell.register_magics(KnowHubMagics)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    for kind, name in (("line", "knowhub"), ("cell", "ask")):
        shell.magics_manager.magics[kind].pop(name, None)
    shell.magics_manager.registry.pop(KnowHubMagics.__name__, None)
