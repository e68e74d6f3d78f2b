"""Which language a text is in, as far as its script and its function words tell, and the words that turn a sense.

For weighing answers only: a short text that says nothing of itself is of no known language.
"""

from __future__ import annotations

import re
from collections import Counter

#: Words that hold a language's sentences together; those two of these languages share count for neither.
FUNCTION_WORDS = {
    "en": "the of and to in is that it for on as with are this by be from at which was were has have not they its",
    "de": "der die das und ist nicht ein eine den dem des mit auf für von im zu sich auch es wird werden sind wenn "
          "dass bei oder wie wir er sie als nach vor aus hat einen einem einer kein keine nur noch durch über",
    "fr": "le la les des et est une dans que qui pour pas sur par avec ce sont du au il elle plus cette ne se ou aux "
          "être ses leur quand nous vous si",
    "es": "el los las y es una que en por con para no se del al como más su lo esta este pero son cuando si ya muy "
          "también sin sobre entre",
    "it": "il lo gli e è una che di per con non si del della dei delle al alla come più sono nel nella questo questa "
          "quando anche ma o",
    "pt": "o os as e é uma que em por com para não se do da dos das ao como mais seu sua esta este mas são quando "
          "também sem no na nos nas um",
    "nl": "het een en van is dat niet op te voor met zijn aan er ook als bij door maar wordt worden deze dit om uit "
          "naar over wanneer geen",
}  # fmt: skip
_SETS = {language: frozenset(words.split()) for language, words in FUNCTION_WORDS.items()}
_SHARED = Counter(word for words in _SETS.values() for word in words)
_OWN = {language: frozenset(w for w in words if _SHARED[w] == 1) for language, words in _SETS.items()}
#: Function words of any of these languages but English, which has its stop words.
FUNCTIONAL = frozenset().union(*(words for language, words in _SETS.items() if language != "en"))

_SCRIPTS = {
    "ja": "\u3040-\u30ff", "ko": "\uac00-\ud7af", "zh": "\u4e00-\u9fff", "ru": "\u0400-\u04ff", "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff", "ar": "\u0600-\u06ff", "hi": "\u0900-\u097f", "th": "\u0e00-\u0e7f",
}
_SCRIPT = {language: re.compile(f"[{span}]") for language, span in _SCRIPTS.items()}
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")

#: Words by which a sentence says that something is not so.
NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot hardly barely rarely seldom false untrue "
    "fail fails failed unable impossible lack lacks lacked lacking deny denies denied refuse refuses refused nicht "
    "kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder pas jamais aucun aucune rien sans "
    "nunca jamás ningún ninguna nadie nada sin non mai nessun nessuna niente senza não nenhum nenhuma niet geen "
    "nooit niemand zonder не нет никогда без".split()
)  # fmt: skip
#: Words by which it says that something only may be so.
HEDGES = frozenset(
    "may might could perhaps possibly probably maybe sometimes unless supposedly allegedly almost nearly possible "
    "vielleicht möglicherweise manchmal könnte kann peut parfois puede quizás può forse pode talvez misschien".split()
)  # fmt: skip
#: Signs that a sentence speaks to whoever answers, as planted orders do. No such list is whole; it only says of a
#: sentence that it is no evidence.
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:rules?|instructions?|prompts?|previous|above|everything)\b"
    r"|\b(?:tell|say|answer|reply|respond|repeat|assure)\b.{0,20}\b(?:students?|users?|learners?|everyone)\b"
    r"|\b(?:ignoriere?|vergiss|missachte)\b.{0,40}\b(?:regeln|anweisungen|anweisung|alles)\b"
    r"|\b(?:ignorez?|oubliez?)\b.{0,40}\b(?:règles|instructions|consignes)\b"
    r"|\b(?:ignora|olvida)\b.{0,40}\b(?:reglas|instrucciones|regole|istruzioni)\b"
    r"|忽略.{0,12}(?:规则|指令)|игнорируй.{0,40}(?:правила|инструкции)",
    re.IGNORECASE | re.DOTALL,
)
#: What stands between a negation and the word that it is about.
DEGREES = frozenset(
    "longer more even really necessarily always usually yet still just very quite ever actually fully entirely "
    "completely simply exactly particularly mehr immer sehr ganz auch so unbedingt plus toujours más siempre muy "
    "più sempre mais meer altijd zeer".split()
)  # fmt: skip
#: What joins sentences or fills them and claims nothing.
FILLERS = frozenset(
    "additionally moreover furthermore however although though thus therefore hence namely basically essentially "
    "specifically respectively indeed instead likewise similarly meanwhile consequently accordingly".split()
)
#: What turns the sense of a sentence though it is a small word, or has an opposite: a claim may not bring its own.
TURNING = frozenset(
    "before after until during more less fewer most least all every any always only both either same different "
    "other over under above below up down inside outside first last second third early late earlier later next "
    "previous increase decrease increases decreases increased decreased increasing decreasing rise fall rises falls "
    "grow shrink grows shrinks high low higher lower highest lowest large small larger smaller largest smallest big "
    "bigger biggest long short longer shorter fast slow faster slower better worse best worst strong weak enable "
    "disable enables disables enabled disabled true right wrong left open close opens closes opened closed begin "
    "end begins ends began ended start stop starts stops started stopped maximum minimum max min input output read "
    "write reads writes win lose wins loses won lost north south east west northern southern eastern western new "
    "old newer older hot cold warm cool positive negative add remove adds removes added removed accept reject "
    "accepts rejects accepted rejected allow forbid allows forbids allowed forbidden allow prevent prevents "
    "prevented internal external upper top bottom front back forward backward black white male female man woman men "
    "women buy sell bought sold gain loss gained cause milliseconds millisecond seconds minutes minute hours hour "
    "days day weeks week months month years year decades decade centuries century percent bytes byte kilobytes "
    "megabytes gigabytes metres meters kilometres kilometers miles mile feet inches yards pounds dollars euros kg "
    "km cm mm ms kb mb gb hz khz mhz january february march april june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday".split()
)  # fmt: skip


def language_of(text: str) -> str | None:
    """Return the language a text is most likely in, by ISO 639-1, or None where nothing tells."""
    letters = len(_LETTER.findall(text))
    for language, pattern in _SCRIPT.items():
        if letters and len(pattern.findall(text)) > 0.3 * letters:
            return language
    found = [word.casefold() for word in _WORD.findall(text)]
    counts = {language: sum(word in own for word in found) for language, own in _OWN.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best < 2 or best < 2 * second:
        return None
    return max(counts, key=lambda language: counts[language])
