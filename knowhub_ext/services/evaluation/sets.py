"""Sets of questions with known answers, read from folders of three forms and from a course's own file of questions.

- *questions*: `questions.jsonl` beside the files it asks about. A row has `question` and either `video` (the stem of
  a file), `start` and `end` (seconds), or `document` (a stem) and `paragraph`.
- *BEIR*: `corpus.jsonl` (`_id`, `title`, `text`), `queries*.jsonl` (`_id`, `text`), `qrels*.tsv` (query, document,
  grade).
- *spoken*: recordings, each beside a `.json` of its stem with `qa`: rows of `question`, `sentence_start` and
  `sentence_end` (seconds), and perhaps `sentences`: rows of `start` and `text`, what is said.

A course's own file has rows with `question` and `lesson` (id, slug or title), and `start` and `end`, or `quote` (words
that stand in the answer); or `"answerable": false`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.errors import UserError

#: What a set asks for: seconds of a lecture, a paragraph, documents, or words that stand in the answer.
KINDS = ("seconds", "paragraphs", "documents", "own")
_FORMS = "The forms a folder or a file may have are told by `knowhub eval --help`."


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """The answer is spoken here."""

    document: str
    start_ms: int
    end_ms: int
    #: Its first sentence begins within so much of `start_ms`; 0 where any overlap will do.
    within_ms: int = 0
    #: What is said there, where a set knows it.
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """The answer stands in this paragraph; `quote`: the whole of it has to stand in the hit."""

    document: str
    text: str
    quote: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question and where its answer is: in one of `wanted`, or in the graded documents. Neither: nowhere."""

    text: str
    wanted: tuple[Stretch | Paragraph, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        return bool(self.wanted or self.grades)

    @property
    def documents(self) -> set[str]:
        """Return the names of the documents that answer it."""
        return {place.document for place in self.wanted} | set(self.grades)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionSet:
    """Questions and the files they ask about; `files` is empty for a course that is there already."""

    name: str
    kind: str
    files: tuple[Path, ...]
    questions: tuple[Question, ...]

    def every(self, step: int) -> QuestionSet:
        """Return the set with every `step`th of its questions."""
        return QuestionSet(name=self.name, kind=self.kind, files=self.files, questions=self.questions[::step])


def read_sets(folder: Path, scratch: Path) -> list[QuestionSet]:
    """Return the set that a folder is, or those of the folders in it; `scratch` takes files made of a BEIR corpus.

    Raises:
        UserError: there is none, or a row of one cannot be read; the message names file and line.
    """
    own = _read(folder, scratch)
    if own is not None:
        return [own]
    found = [made for path in sorted(folder.iterdir()) if path.is_dir() and (made := _read(path, scratch)) is not None]
    if not found:
        raise UserError(f"'{folder.name}' holds no set of questions.", cure=_FORMS)
    return found


def read_own(file: Path) -> QuestionSet:
    """Return the questions of a course's own file.

    Raises:
        UserError: a row cannot be read; the message names the line.
    """
    return QuestionSet(name=file.stem, kind="own", files=(), questions=tuple(_made(file, _own_question)))


def _read(folder: Path, scratch: Path) -> QuestionSet | None:
    if (folder / "questions.jsonl").is_file():
        return _questions(folder)
    if (folder / "corpus.jsonl").is_file() and list(folder.glob("qrels*.tsv")):
        return _beir(folder, scratch / folder.name)
    if any("qa" in _json(path) for path in folder.glob("*.json")):
        return _spoken(folder)
    return None


def _questions(folder: Path) -> QuestionSet:
    questions = tuple(_made(folder / "questions.jsonl", _question))
    timed = any(isinstance(place, Stretch) for question in questions for place in question.wanted)
    files = sorted(path for path in folder.iterdir() if path.suffix not in (".jsonl", ".json") and path.is_file())
    return QuestionSet(
        name=folder.name, kind="seconds" if timed else "paragraphs", questions=questions,
        files=tuple(path for path in files if path.name != "README.md"),
    )


def _question(row: Mapping[str, Any]) -> Question:
    if row.get("answerable") is False:
        return Question(text=row["question"])
    if "video" in row:
        return Question(text=row["question"], wanted=(_stretch(row["video"], row["start"], row["end"]),))
    return Question(
        text=row["question"], wanted=(Paragraph(document=row["document"], text=row["paragraph"]),)
    )


def _own_question(row: Mapping[str, Any]) -> Question:
    if row.get("answerable") is False:
        return Question(text=row["question"])
    if "quote" in row:
        place = Paragraph(document=row["lesson"], text=row["quote"], quote=True)
        return Question(text=row["question"], wanted=(place,))
    return Question(text=row["question"], wanted=(_stretch(row["lesson"], row["start"], row["end"]),))


def _stretch(document: Any, start: float, end: float) -> Stretch:
    return Stretch(document=str(document), start_ms=milliseconds(start), end_ms=milliseconds(end))


def _beir(folder: Path, scratch: Path) -> QuestionSet:
    grades: dict[str, dict[str, int]] = {}
    for path in sorted(folder.glob("qrels*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                grades.setdefault(query, {})[document] = int(grade)
    questions = tuple(
        Question(text=row["text"], grades=grades[row["_id"]])
        for path in sorted(folder.glob("queries*.jsonl")) for row in _rows(path) if row["_id"] in grades
    )
    scratch.mkdir(parents=True, exist_ok=True)
    files = []
    for row in _rows(folder / "corpus.jsonl"):
        path = scratch / f"{row['_id']}.md"
        path.write_text(f"# {row['title']}\n\n{row['text']}\n", encoding="utf-8")
        files.append(path)
    return QuestionSet(name=folder.name, kind="documents", files=tuple(files), questions=questions)


def _spoken(folder: Path) -> QuestionSet:
    files, questions = [], []
    for path in sorted(folder.glob("*.json")):
        recordings = [other for other in folder.glob(f"{_escaped(path.stem)}.*") if other.suffix != ".json"]
        files += recordings[:1]
        made = _json(path)
        said = {row["start"]: row["text"] for row in made.get("sentences", [])}
        questions += [
            Question(text=row["question"], wanted=(Stretch(
                document=path.stem, start_ms=milliseconds(row["sentence_start"]), within_ms=2_000,
                end_ms=milliseconds(row["sentence_end"]), text=said.get(row["sentence_start"], ""),
            ),))
            for row in made.get("qa", []) if recordings
        ]
    return QuestionSet(name=folder.name, kind="seconds", files=tuple(files), questions=tuple(questions))


def _escaped(stem: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in stem)


def _made(file: Path, make: Any) -> Iterator[Question]:
    for number, row in enumerate(_rows(file), 1):
        try:
            yield make(row)
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                f"Row {number} of {file.name} is no question: {type(error).__name__} {error}.", cure=_FORMS
            ) from error


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UserError(f"Line {number} of {file.name} is not JSON: {error}.", cure=_FORMS) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return made if isinstance(made, dict) else {}


def halves(questions: Sequence[Question]) -> tuple[list[int], list[int]]:
    """Return the numbers of the questions about every first and about every second document, by name.

    What is learned on one half is judged on the other: questions about one document are never on both sides.
    """
    order = sorted({min(question.documents) for question in questions if question.answerable})
    second = set(order[1::2])
    sides: tuple[list[int], list[int]] = ([], [])
    for number, question in enumerate(questions):
        sides[question.answerable and min(question.documents) in second].append(number)
    return sides
