"""Every knob, a trait with `help=`. Settings stop at the hub: below it there are plain keyword arguments.

Read from `jupyter_knowhub_config.py` or `.json` on Jupyter's configuration path, from the Jupyter command line
(`--KnowHub.transcriber=…`), and from the environment variables named in the help texts, which win.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path, jupyter_data_dir
from traitlets import Bool, Dict, Enum, Float, Int, TraitError, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from knowhub_ext.errors import InvalidSetting

#: Environment variables that set a trait.
ENVIRONMENT = {
    "KNOWHUB_DATA": "data", "KNOWHUB_DATABASE_URL": "database_url", "KNOWHUB_TRANSCRIBER": "transcriber",
    "KNOWHUB_EMBEDDER": "embedder", "KNOWHUB_INDEX": "index", "KNOWHUB_CHAT_MODEL": "chat_model",
    "KNOWHUB_RERANKER": "reranker", "KNOWHUB_OLLAMA_URL": "ollama_url", "KNOWHUB_CAGE": "cage",
    "KNOWHUB_WORKERS": "workers", "KNOWHUB_LEASE_S": "lease_s",
}


class KnowHub(Configurable):
    """Settings of the hub."""

    data = Unicode(
        help="Data folder: database, media, index, secret. Default: `knowhub` in Jupyter's data directory. "
        "A Jupyter server hands it to its kernels; elsewhere notebooks know KNOWHUB_DATA or `data=` alone. "
        "Environment: KNOWHUB_DATA.",
    ).tag(config=True)
    database_url = Unicode(
        help="SQLAlchemy address of a PostgreSQL database, `postgresql+psycopg://…`. Empty: SQLite in the data "
        "folder. Environment: KNOWHUB_DATABASE_URL.",
    ).tag(config=True)
    transcriber = Unicode(
        "auto",
        help="Speech recognition: the name of a `knowhub.transcribers` entry point, or `auto` for the best that is "
        "present. Environment: KNOWHUB_TRANSCRIBER.",
    ).tag(config=True)
    transcriber_options = Dict(
        help="Options of the transcriber, for instance `{'model': 'small'}` for faster-whisper.",
    ).tag(config=True)
    embedder = Unicode(
        "auto",
        help="Sentence vectors: the name of a `knowhub.embedders` entry point, or `auto`. After changing it "
        "run `knowhub index rebuild`; until that is done courses are searched by the vectors they have. "
        "Environment: KNOWHUB_EMBEDDER.",
    ).tag(config=True)
    embedder_options = Dict(help="Options of the embedder.").tag(config=True)
    index = Unicode(
        "auto",
        help="Vector index of the server: the name of a `knowhub.indexes` entry point, or `auto` (chroma where this "
        "process owns it, exact search otherwise). Environment: KNOWHUB_INDEX.",
    ).tag(config=True)
    reranker = Unicode(
        "none",
        help="Who reads the best hits of a search again, each together with the question: the name of a "
        "`knowhub.rerankers` entry point (`cross_encoder` needs the option `folder`), or `none`. "
        "Environment: KNOWHUB_RERANKER.",
    ).tag(config=True)
    reranker_options = Dict(
        help="Options of the reranker, for instance `{'folder': '~/models/ms-marco-MiniLM-L6-v2'}`.",
    ).tag(config=True)
    chat_model = Unicode(
        "auto",
        help="Who writes answers: `quote` (verbatim quotes), a chat model by LangChain name such as "
        "`ollama:llama3.2` or `openai:gpt-4o-mini`, or `auto`: an Ollama model where Ollama runs, quotes otherwise. "
        "Environment: KNOWHUB_CHAT_MODEL.",
    ).tag(config=True)
    ollama_url = Unicode(
        "http://127.0.0.1:11434", help="Where Ollama listens. Environment: KNOWHUB_OLLAMA_URL.",
    ).tag(config=True)
    unproven = Enum(
        ["apart", "drop"], "apart",
        help="What becomes of a chat model's sentences that the course does not prove: `apart` shows them below the "
        "answer, marked and without sources; `drop` shows neither them nor the draft they stand in.",
    ).tag(config=True)
    answer_first_s = Float(
        30.0, min=1.0, help="How long a chat model may take before its first word, in seconds; then the course is "
        "quoted. A model that has to be loaded first takes its time.",
    ).tag(config=True)
    answer_s = Float(
        60.0, min=1.0, help="How long a chat model may take for a whole answer, in seconds.",
    ).tag(config=True)
    chat_failures = Int(
        5, min=1, help="After so many failures in a row a chat model is left alone, and the course is quoted at once.",
    ).tag(config=True)
    chat_rest_s = Float(
        60.0, min=0.0, help="For how many seconds; then one question tries it again.",
    ).tag(config=True)
    questions_each = Int(
        2, min=1, max=8, help="How many questions of one person are answered at a time; more are told to come back. "
        "Of visitors with a link each browser counts.",
    ).tag(config=True)
    history = Bool(
        True, help="Whether what a learner asks is kept with its answer, for this learner alone, until they delete it. "
        "What was kept before stays readable.",
    ).tag(config=True)
    runner = Unicode(
        "embedded",
        help="What wakes a worker: the name of a `knowhub.runners` entry point. `embedded`: supervised worker "
        "processes of the server, one a lane.",
    ).tag(config=True)
    worker_idle_s = Float(
        30.0, min=0.0, help="After how many idle seconds the embedded worker ends; it is started again on demand.",
    ).tag(config=True)
    cage = Unicode(
        "auto",
        help="How the processes are shut in that open what was added: `bubblewrap`, `limits` (the kernel's own, "
        "without a program), or `auto` for the first where it can start. Environment: KNOWHUB_CAGE.",
    ).tag(config=True)
    workers = Int(
        1, min=1, max=32, help="How many recordings are recognised at a time on this machine; each takes the cores it "
        "gets. Files without speech have a worker beside these. Environment: KNOWHUB_WORKERS.",
    ).tag(config=True)
    lease_s = Float(
        30.0, min=2.0, help="How long a worker that shows no sign of life keeps its job, in seconds. One whose process "
        "can be seen to be gone loses it at once. Environment: KNOWHUB_LEASE_S.",
    ).tag(config=True)
    media_lifetime_s = Int(
        600, min=10, max=600, help="How long a signed media address is good, in seconds; at most ten minutes.",
    ).tag(config=True)
    media_readers = Int(
        8, min=1, max=64, help="How many media responses are read from disk at a time; the others wait.",
    ).tag(config=True)
    upload_max_bytes = Int(
        16 << 30, min=1, help="The most bytes an uploaded file may have; larger ones are refused before they are sent.",
    ).tag(config=True)
    course_quota_bytes = Int(
        0, min=0,
        help="The most bytes a course may take: the files of its lessons, each content once, and uploads under way. "
        "An upload that would pass it is refused before it is sent. 0: no limit.",
    ).tag(config=True)
    free_disk_floor_bytes = Int(
        2 << 30, min=0,
        help="How many bytes of the data folder's disk are kept free: below that neither uploads nor `knowhub add` "
        "take anything in, while everything else goes on.",
    ).tag(config=True)
    upload_expiry_s = Int(
        172_800, min=60,
        help="After how many seconds without a byte an unfinished upload is forgotten; also how long it is remembered "
        "what became of a finished one.",
    ).tag(config=True)
    preload = Bool(
        False, help="Load sentence model and index when the server starts instead of at the first search.",
    ).tag(config=True)

    def folder(self) -> Path:
        """Return the data folder's path."""
        return Path(self.data) if self.data else Path(jupyter_data_dir()) / "knowhub"

    def to_json(self) -> str:
        """Return all settings as JSON, for a child process that must build the same hub."""
        return json.dumps({name: getattr(self, name) for name in self.trait_names(config=True)})


def load(overrides: dict[str, Any] | None = None, *, config: Config | None = None) -> KnowHub:
    """Return the settings in force: files, then `config`, then the environment, then `overrides`.

    Raises:
        InvalidSetting: a value does not fit; the message names the setting.
    """
    merged = Config()
    for folder in reversed(jupyter_config_path()):
        for loader in (JSONFileConfigLoader, PyFileConfigLoader):
            suffix = "json" if loader is JSONFileConfigLoader else "py"
            try:
                merged.merge(loader(f"jupyter_knowhub_config.{suffix}", path=folder).load_config())
            except ConfigFileNotFound:
                continue
    merged.merge(config or Config())
    try:
        settings = KnowHub(config=merged)
        environment = _environment(settings)
        for name, value in (environment | (overrides or {})).items():
            if name not in settings.trait_names(config=True):
                known = ", ".join(sorted(settings.trait_names(config=True)))
                raise InvalidSetting(f"There is no setting '{name}'; known are {known}.")
            setattr(settings, name, value)
    except TraitError as error:
        raise InvalidSetting(f"A setting does not fit: {error}") from error
    return settings


def _environment(settings: KnowHub) -> dict[str, Any]:
    """Return what the environment sets, each value as its trait has it."""
    found: dict[str, Any] = {}
    for key, name in ENVIRONMENT.items():
        if not os.environ.get(key):
            continue
        try:
            found[name] = settings.traits()[name].from_string(os.environ[key])
        except ValueError as error:
            raise InvalidSetting(f"{key} does not fit: {error}.") from error
    return found
