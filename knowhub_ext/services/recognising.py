"""An educator's side of speech: a course's settings and hot words, and hearing a lecture once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.hotwords import FILL, LIMIT, HotWord, bounded
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import EMBED, RECOGNISE, Job, Lane
from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.speech import AUTO, TASKS, SpeechSettings, Wish, spoken
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import Conflict, InvalidSetting, NotFound
from knowhub_ext.ports import JobRunner, OffersModels, SpeechModel, Transcriber
from knowhub_ext.services.access import require
from knowhub_ext.services.targets import captions_of
from knowhub_ext.services.vocabulary import Vocabulary
from knowhub_ext.store.database import Store, Tx

#: So many mined words are shown for editing.
SHOWN = 200


class Recognising:
    #: The doors make one through the service, so that a server's start need not load what belongs to it.
    wish = Wish

    def __init__(self, store: Store, runner: JobRunner, vocabulary: Vocabulary, transcriber: Transcriber) -> None:
        self._store = store
        self._runner = runner
        self._vocabulary = vocabulary
        self._transcriber = transcriber

    def settings(self, actor: Actor, ref: str) -> dict[str, Any]:
        """Return a course's hot words, best first, and how its speech is recognised (schema `CourseSpeech`).

        Raises:
            NotFound, Forbidden: no such course, or it is not theirs to change.
        """
        models = self._models()
        with self._store.read() as tx:
            course = tx.courses.get(ref)
            require(actor, Action.AUTHOR, course.id)
            words = self._vocabulary.of_course(tx, course.id)
        hidden = {word.casefold() for word in course.speech.hidden}

        def kept(row: HotWord) -> bool:
            return row.source == "course" or row.word.casefold() not in hidden

        given = set(bounded([row for row in words if kept(row)]))
        shown = len(course.hot_words) + SHOWN
        return {
            "hot_words": [
                {"word": row.word, "source": row.source, "from": row.name or None, "kept": kept(row),
                 "given": row in given}
                for row in words[:shown]
            ],
            "limit": LIMIT, "fill": FILL, "model": course.speech.model, "language": course.speech.language,
            "task": course.speech.task, "models": [_model_json(model) for model in models],
        }

    def change(self, actor: Actor, ref: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Set a course's hot words and how its speech is recognised; what `wanted` lacks stays. Return all of it.

        Raises:
            InvalidSetting: a model that is not here or cannot do what is asked, or a language that is none.
            NotFound, Forbidden: as `settings`.
        """
        models = self._models()  # before the lock: it may take its time
        with self._store.write() as tx:
            course = tx.courses.get(ref)
            require(actor, Action.AUTHOR, course.id)
            new = _changed(course, wanted)
            _check(new.speech, models)
            if new != course:
                tx.courses.update(new)
                tx.event(actor.person_id, course.id, "course.changed", course.id)
        return self.settings(actor, course.id)

    def again(self, actor: Actor, lesson_ref: str, wish: Wish) -> dict[str, Any]:
        """Queue hearing a lesson's medium once more, whole or a stretch; return `{"job": id}`.

        Its transcript stays until the new one is whole, and cues that a person edited stay in the new one.

        Raises:
            NotFound, Forbidden: no such lesson, nothing to hear in it, or it is not theirs to change.
            InvalidSetting: no such model, task or language, or a stretch that is none.
            Conflict: its captions were made by hand, or another job works on it.
        """
        models = self._models()  # before the lock: it may take its time
        with self._store.write() as tx:
            lesson = tx.lessons.find(lesson_ref)
            require(actor, Action.AUTHOR, lesson.course_id)
            assets = tx.assets.of_lesson(lesson.id)
            medium = next((asset for asset in assets if asset.kind.timed), None)
            if medium is None:
                raise NotFound("This lesson has no medium to hear.", cure="Add a video or a sound file to it.")
            course = tx.courses.get(lesson.course_id)
            _check(wish.over(course.speech), models)
            _check_stretch(medium, wish)
            if captions_of(medium, assets) is not None and not wish.over_captions:
                raise Conflict(
                    "This lesson's transcript is a caption file that somebody made.",
                    cure="Ask to replace captions as well, if recognised speech should take their place.",
                )
            job = _queued(tx, medium, wish)
            tx.event(actor.person_id, lesson.course_id, "job.changed", job.id, {"state": job.state.value})
        self._runner.wake()
        return {"job": job.id}

    def _models(self) -> Sequence[SpeechModel]:
        return self._transcriber.models() if isinstance(self._transcriber, OffersModels) else ()


def _changed(course: Course, wanted: Mapping[str, Any]) -> Course:
    old = course.speech
    words = _clean(wanted.get("hot_words", course.hot_words))
    imported = {word.casefold() for word in course.hot_words} - {word.casefold() for word in old.added}
    speech = SpeechSettings(
        model=wanted.get("model") or old.model, task=wanted.get("task") or old.task,
        language=spoken(wanted.get("language", old.language)), hidden=_clean(wanted.get("hidden", old.hidden)),
        added=tuple(word for word in words if word.casefold() not in imported),
    )
    return replace(course, hot_words=words, speech=speech)


def _check(speech: SpeechSettings, offered: Sequence[SpeechModel]) -> None:
    """Raise `InvalidSetting` for a model that is not here or cannot do what is asked."""
    if speech.task not in TASKS:
        raise InvalidSetting(f"There is no task '{speech.task[:40]}'.", cure=f"Choose one of {', '.join(TASKS)}.")
    models = {model.name: model for model in offered}
    if speech.model == AUTO:
        return
    model = models.get(speech.model)
    if model is None or not model.available:
        there = [name for name, other in models.items() if other.available]
        raise InvalidSetting(
            f"There is no speech model '{speech.model[:80]}' on this machine.",
            cure=f"Choose one of {', '.join([AUTO, *there])}.",
        )
    if model.languages == "en" and (speech.task == "translate" or speech.language not in (None, "en")):
        raise InvalidSetting(
            f"The speech model {model.name} knows English alone.", cure="Choose one of many languages, or auto.",
        )


def _check_stretch(medium: Asset, wish: Wish) -> None:
    if wish.end_ms is not None and wish.end_ms <= wish.start_ms:
        raise InvalidSetting("The stretch ends before it starts.", cure="Give its start and end in seconds.")
    if medium.duration_ms and wish.start_ms >= medium.duration_ms:
        raise InvalidSetting("The stretch starts behind the end of the medium.", cure="Give an earlier start.")


def _queued(tx: Tx, medium: Asset, wish: Wish) -> Job:
    """Queue the job, or return the one of the same wish that waits or runs.

    Raises:
        Conflict: another job works on the medium: it would overtake this one, or be overtaken.
    """
    wanted = Job(
        id=new_id(), asset_id=medium.id, course_id=medium.course_id, asset_revision=medium.revision, kind=RECOGNISE,
        lane=Lane.SPEECH, params=wish.to_params(), created_ms=tx.now, updated_ms=tx.now,
    )
    for job in tx.jobs.of_asset(medium.id):
        if not job.over and job.kind != EMBED and (job.kind, dict(job.params)) != (RECOGNISE, dict(wanted.params)):
            raise Conflict("This lecture is being processed.", cure="Wait for its job, or cancel it first.")
    return tx.jobs.add(wanted)


def _clean(words: Sequence[str]) -> tuple[str, ...]:
    """Return words as plain text of one line, each once, empty ones left out."""
    plain = (" ".join(canonical(word).split()) for word in words)
    return tuple({word.casefold(): word for word in reversed([w for w in plain if w])}.values())[::-1]


def _model_json(model: SpeechModel) -> dict[str, Any]:
    return {
        "name": model.name, "languages": model.languages, "why": model.why, "chosen": model.chosen,
        "available": model.available,
    }
