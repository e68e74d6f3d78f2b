"""The command `knowhub`. Commands open the store directly, never HTTP, and work beside a running server."""

from __future__ import annotations

import sys

import click

from knowhub_ext import __version__
from knowhub_ext.cli.adding import add
from knowhub_ext.cli.asking import ask, search, transcript
from knowhub_ext.cli.courses import course
from knowhub_ext.cli.evaluating import evaluate
from knowhub_ext.cli.files import file
from knowhub_ext.cli.following import job, jobs
from knowhub_ext.cli.indexing import index
from knowhub_ext.cli.noting import note
from knowhub_ext.cli.operating import backup, doctor, restore, serve, worker
from knowhub_ext.cli.planning import plan
from knowhub_ext.cli.remembering import history
from knowhub_ext.cli.speaking import recognise, speech
from knowhub_ext.errors import KnowHubError, UserError

__all__ = ["knowhub", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="knowhub")
def knowhub() -> None:
    """A private learning hub: lectures become searchable, answers open the second they come from."""


for _command in (
    course, add, file, jobs, job, transcript, search, ask, history, note, plan, speech, recognise, worker, serve,
    doctor, backup, restore, index, evaluate,
):
    knowhub.add_command(_command)


def main(argv: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 a user's mistake (one line: what, why, the cure), 1 our fault."""
    try:
        code = knowhub.main(args=argv, prog_name="knowhub", standalone_mode=False)
    except click.exceptions.Abort:
        _fail("Stopped. What was saved so far is kept.", 130)
    except click.ClickException as error:
        _fail(f"{error.format_message()} See `knowhub --help`.", 2)
    except UserError as error:
        _fail(f"{error.message} {error.cure}", 2)
    except KnowHubError as error:
        _fail(f"{error.message} {error.cure}", 1)
    except BrokenPipeError:  # the reader of a pipe has left, for instance `| head`
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(text: str, code: int) -> None:
    click.echo("knowhub: " + " ".join(text.split()), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
