"""Terms of lectures nobody tuned on: how many are heard with a course's hot words and without, and what is put in.

The words given are those the course would give and eight more of the subject that nobody says. `python -m
tests.bench.terms --tuned-on` takes the scripts that rules were made on. The sample lectures stand apart: their words
are those that a real course gives, its educator's and what is mined from the lesson's notebook, and their voice is not
espeak's; rules were made on them too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowhub_ext.backends import joining, registry
from knowhub_ext.backends.transcribers.faster_whisper import FasterWhisperTranscriber
from knowhub_ext.domain.hotwords import Mined, bounded, gathered
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.services.planning import read_plan
from tests.bench import voices
from tests.bench.figures import Figure, Peer, Section, as_text
from tests.bench.lectures import model_folder
from tests.bench.measuring import SAMPLE, Options
from tests.bench.scoring import distance, terms, words

_WITH, _WITHOUT = "with hot words", "without"


@dataclass
class _Tally:
    """Counts over all scripts of one voice or of all."""

    there: int = 0
    found: int = 0
    invented: int = 0
    wrong: int = 0
    words: int = 0
    by_voice: dict[str, list[int]] = field(default_factory=dict)

    def add(self, spoken: voices.Spoken, said: Sequence[str]) -> None:
        script = spoken.script
        there, found, invented = terms([*script.hot_words, *script.unsaid], script.lines, said)
        wanted = words(script.lines)
        self.there, self.found, self.invented = self.there + there, self.found + found, self.invented + invented
        self.wrong, self.words = self.wrong + distance(wanted, words(said)), self.words + len(wanted)
        row = self.by_voice.setdefault(spoken.voice, [0, 0])
        row[0], row[1] = row[0] + there, row[1] + found

    @property
    def recall(self) -> float:
        return self.found / max(1, self.there)

    @property
    def put_in(self) -> float:
        """Percent of the hot words in the transcripts that nobody said there."""
        return 100 * self.invented / max(1, self.invented + self.found)


def sections(options: Options, scripts: Path = voices.SCRIPTS) -> list[Section]:
    """Return a section a model.

    Raises:
        Unavailable: there is no packaged model, or no synthesiser.
    """
    models, commands = _models(options), voices.voices()
    if options.quick:
        commands = dict(list(commands.items())[:1])
    spoken = [voices.speak(s, voice, command) for s in voices.scripts(scripts) for voice, command in commands.items()]
    kept = "rules were made on" if scripts == voices.TUNED_ON else "nothing was tuned on"
    return [_section("Terms of a subject", model, spoken, f"recordings of scripts {kept}") for model in models]


def sample_sections(options: Options) -> list[Section]:
    """Return a section a model, of the sample lectures.

    Raises:
        Unavailable: there is no packaged model.
    """
    models, scripts = _models(options), sorted((SAMPLE / "scripts").glob("*.yml"))
    lectures = [sample(path) for path in scripts[: 1 if options.quick else None]]
    kind = "of the sample lectures, with the words that their course gives"
    return [_section("Terms of the sample lectures", model, lectures, kind) for model in models]


def _models(options: Options) -> list[str]:
    model_folder()
    return ["tiny.en"] if options.quick or joining.missing(joining.BASE) else ["tiny.en", "base"]


def sample(path: Path) -> voices.Spoken:
    """Return a lecture of the sample course by its script, with the words its course gives to the engine."""
    script, plan = yaml.safe_load(path.read_text(encoding="utf-8")), read_plan(SAMPLE)
    notebook = SAMPLE / f"{path.stem}.ipynb"
    reader: Any = registry.create("readers", "notebook")
    mined = Mined(words=reader.read(notebook, name=notebook.name).hot_words, name=notebook.name, near=True)
    return voices.Spoken(
        script=voices.Script(
            name=path.stem, lines=[said["text"] for slide in script["slides"] for said in slide["says"]],
            hot_words=[row.word for row in bounded(gathered(plan.hot_words, [mined]))], unsaid=(), say={},
        ),
        voice=path.stem, path=SAMPLE / f"{path.stem}.mp4", spans=(),
    )


def _section(title: str, model: str, spoken: Sequence[voices.Spoken], kind: str) -> Section:
    engine = FasterWhisperTranscriber(model=model)
    tallies = {_WITH: _Tally(), _WITHOUT: _Tally()}
    for item in spoken:
        for way, tally in tallies.items():
            given = (*item.script.hot_words, *item.script.unsaid) if way == _WITH else ()
            tally.add(item, _heard(engine, item.path, given))
    with_, without = tallies[_WITH], tallies[_WITHOUT]
    by_voice = ", ".join(f"{name} {found / max(1, there):.2f}" for name, (there, found) in with_.by_voice.items())
    figures = [
        Figure(what="terms found, of 1", value=with_.recall, unit="", peer=Peer(name=_WITHOUT, value=without.recall),
               note=f"target ≥ .90; {by_voice}", headline=True),
        Figure(what="hot words put in that nobody said", value=with_.put_in, unit="%",
               peer=Peer(name=_WITHOUT, value=without.put_in), note="target ≤ 1 %", headline=True),
        Figure(what="words wrong", value=100 * with_.wrong / with_.words, unit="%",
               peer=Peer(name=_WITHOUT, value=100 * without.wrong / without.words)),
    ]
    about = f"{len(spoken)} {kind}, {with_.there} terms said, {with_.words} words"
    return Section(title=f"{title}, {model}", about=about, figures=figures)


def _heard(engine: Any, path: Path, hot_words: Sequence[str]) -> list[str]:
    request = SpeechRequest(hot_words=tuple(hot_words), language="en", name=path.name)
    return [segment.text for segment in engine.transcribe(path, request).segments]


if __name__ == "__main__":
    folder = voices.TUNED_ON if "--tuned-on" in sys.argv else voices.SCRIPTS
    for part in sections(Options(quick="--quick" in sys.argv, scratch=Path()), folder):
        print(as_text(part), flush=True)
