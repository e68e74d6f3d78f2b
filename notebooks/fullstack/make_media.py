"""Films the three lectures of the sample course from `scripts/`; keeps notebooks and captions at their times.

Run in the project's environment (it needs av, numpy, pillow and pyyaml); README.md says how to get
the voice. Everything but the synthesiser is deterministic. Not part of the installed package.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from studio import film, links, slides, voice
from studio.script import Lecture, load_all

HERE = Path(__file__).resolve().parent
TRUTH = HERE.parents[1] / "tests" / "fixtures" / "fullstack_truth.json"
#: the one lesson that ships with a caption file; the speech of the others is recognised
CAPTIONED = "rag-cites"


def main() -> None:
    """Film the named lessons (all by default), or with --relink only refresh what hangs on stored times."""
    options = _parser().parse_args()
    lectures = [x for x in load_all(HERE / "scripts") if not options.lesson or x.lesson in options.lesson]
    if options.stills:
        for lecture in lectures:
            _save_stills(lecture, options.stills)
        return
    if not options.relink:
        speaker = voice.find(options.piper)
        for lecture in lectures:
            _film(lecture, speaker)
    for lecture in lectures:
        _relink(lecture)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lesson", nargs="*", help="slugs of the lessons to film; all when none is named")
    parser.add_argument("--piper", type=Path, help="the piper command of the tool environment")
    parser.add_argument("--relink", action="store_true", help="only write cell times and captions")
    parser.add_argument("--stills", type=Path, metavar="DIR", help="only draw every slide as PNG into DIR")
    return parser


def _film(lecture: Lecture, speaker: voice.Piper | voice.Espeak) -> None:
    narration = voice.narrate(speaker, [[said.say for said in slide.says] for slide in lecture.slides])
    path = HERE / f"{lecture.lesson}.mp4"
    seconds = len(narration.sound) / narration.rate
    pictures = _pictures(lecture, narration.spans, seconds)
    film.write(path, pictures, narration.sound, narration.rate, lecture.title)
    truth = links.read_truth(TRUTH)
    truth[lecture.lesson] = links.spoken(lecture, narration.spans)
    links.write_truth(TRUTH, truth)
    print(f"{path.name}: {seconds:.1f} s, {path.stat().st_size / 1e6:.2f} MB, {type(speaker).__name__}")


def _relink(lecture: Lecture) -> None:
    sentences = links.read_truth(TRUTH)[lecture.lesson]
    linked = links.relink(HERE / f"{lecture.lesson}.ipynb", lecture, sentences)
    if lecture.lesson == CAPTIONED:
        links.write_captions(HERE / f"{lecture.lesson}.vtt", sentences)
    print(f"{lecture.lesson}: {linked} cells linked")


def _pictures(lecture: Lecture, spans: list[tuple[float, float]], seconds: float) -> Iterator[Image.Image]:
    """One picture a frame. What a sentence brings appears shortly before it is spoken."""
    steps = [(slide, step) for slide in lecture.slides for step in range(1, len(slide.says) + 1)]
    shown, still, current = -1, Image.new("RGB", slides.SIZE), 0
    for frame in range(math.ceil(seconds * film.FPS)):
        while current + 1 < len(spans) and frame / film.FPS >= spans[current + 1][0] - 0.3:
            current += 1
        if shown != current:
            slide, step = steps[current]
            still, shown = slides.draw(lecture, slide, step), current
        yield still


def _save_stills(lecture: Lecture, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, slide in enumerate(lecture.slides, start=1):
        slides.draw(lecture, slide, len(slide.says)).save(folder / f"{lecture.lesson}-{number:02}.png")


if __name__ == "__main__":
    main()
