"""A chat model that keeps failing is left alone for a while, so that nobody waits for what will not come."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from knowhub_ext.errors import ChatModelFailed, ChatModelResting
from knowhub_ext.ports import ChatModel, Prompt, RewritesQuestions

_log = logging.getLogger("knowhub.asking")


class Sparing:
    """A `ChatModel` in front of another: after `failures` in a row it rests for `rest_s` seconds, then one question
    tries it.

    A reply that nobody read to its end says nothing of the model.
    """

    def __init__(
        self, chat: ChatModel, *, failures: int, rest_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = chat.name
        self._chat = chat
        self._most, self._rest_s, self._clock = failures, rest_s, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0
        self._trying = False

    def reply(self, prompt: Prompt) -> Iterator[str]:
        """Yield what the model says.

        Raises:
            ChatModelResting: it is left alone.
            ChatModelFailed: it gave no usable reply.
        """
        trial = self._enter()
        try:
            yield from self._chat.reply(prompt)
        except GeneratorExit:
            raise
        except ChatModelFailed:
            self._count()
            raise
        except Exception as error:
            self._count()
            raise ChatModelFailed(f"The chat model {self.name} broke: {type(error).__name__}.") from error
        else:
            with self._lock:
                self._failed = 0
        finally:
            if trial:
                with self._lock:
                    self._trying = False

    def rewrite(self, question: str, earlier: Sequence[str]) -> str:
        """Return what the model makes of a follow-up; empty where it does not rewrite, rests or fails. That is no
        failure to count: there is a rule for it."""
        with self._lock:
            rests = self._failed >= self._most
        if rests or not isinstance(self._chat, RewritesQuestions):
            return ""
        try:
            return self._chat.rewrite(question, earlier)
        except Exception:
            _log.info("the chat model %s did not rewrite a question", self.name, exc_info=True)
            return ""

    def _enter(self) -> bool:
        """Say whether this is the one question that tries a model that has rested."""
        with self._lock:
            if self._failed < self._most:
                return False
            left = self._until - self._clock()
            if left > 0 or self._trying:
                raise ChatModelResting(
                    f"The chat model {self.name} failed {self._failed} times in a row and is left alone"
                    + (f" for another {left:.0f} seconds." if left > 0 else " until one question has tried it.")
                )
            self._trying = True
            return True

    def _count(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._until = self._clock() + self._rest_s
                _log.warning("the chat model %s failed %d times in a row and rests", self.name, self._failed)
