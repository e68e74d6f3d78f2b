"""Draws one slide at one step of its build. Sizes are pixels of a 1280 x 720 picture, drawn twice as large.

Not for timing: `step` is the number of the sentence being spoken, counted from 1 within the slide.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from studio.script import Lecture, Slide

SIZE = (1280, 720)
SCALE = 2
GROUND, CARD, EDGE = "#0f1622", "#1a2436", "#33425c"
TONES = {"plain": "#eaf0f8", "muted": "#8fa0ba", "good": "#6fd39a", "bad": "#ff7f77"}
#: the first family that is installed; all are free fonts of Debian packages
FACES = {
    "text": ("Inter-Regular.otf", "DejaVuSans.ttf"),
    "bold": ("Inter-SemiBold.otf", "DejaVuSans-Bold.ttf"),
    "code": ("JetBrainsMono-Regular.ttf", "DejaVuSansMono.ttf"),
}
TOKENS = re.compile(
    r"(?P<comment>#.*|--.*)|(?P<string>'[^']*'|\"[^\"]*\")|(?P<number>\b\d+(?:\.\d+)?\b)|(?P<decorator>@[\w.]+)"
    r"|(?P<word>\b(?:def|return|if|for|in|from|import|True|None|BEGIN|COMMIT|INSERT|INTO|VALUES|ON|CONFLICT|DO|NOTHING"
    r"|SELECT|FROM|WHERE|CREATE|INDEX|USING|GIN|ALTER|TABLE|ADD|COLUMN|GENERATED|ALWAYS|AS|STORED|EXPLAIN"
    r"|ANALYZE)\b)"
)
INKS = {
    "comment": "#8fa0ba", "string": "#a5d6a7", "number": "#ffb86c", "decorator": "#d2a8ff", "word": "#79c0ff",
}


class Canvas:
    """A drawing surface in slide pixels, with the lecture's accent colour among its tones."""

    def __init__(self, accent: str) -> None:
        self.image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), GROUND)
        self.pen = ImageDraw.Draw(self.image)
        self.tones = {**TONES, "accent": accent}

    def text(
        self, at: tuple[float, float], words: str, size: float, face: str, tone: str, anchor: str = "la"
    ) -> None:
        """One or more lines; `anchor` as in Pillow, `tone` a name or a colour."""
        ink = self.tones.get(tone, tone)
        spot = (at[0] * SCALE, at[1] * SCALE)
        align = "left" if anchor[0] == "l" else "center"
        self.pen.text(spot, words, ink, font(face, size), anchor, spacing=size * 0.32 * SCALE, align=align)

    def card(self, box: list[float], tone: str, fill: str = CARD, radius: float = 14) -> None:
        """A rounded rectangle, `box` = [x, y, width, height]."""
        left, top, wide, high = box
        corners = [left * SCALE, top * SCALE, (left + wide) * SCALE, (top + high) * SCALE]
        ink = self.tones.get(tone, tone)
        self.pen.rounded_rectangle(corners, radius * SCALE, fill, ink, round(2.5 * SCALE))

    def line(self, points: list[float], tone: str, width: float = 3.5) -> None:
        """A straight line, `points` = [x1, y1, x2, y2]."""
        self.pen.line([value * SCALE for value in points], self.tones[tone], round(width * SCALE))

    def finished(self) -> Image.Image:
        """The picture at its real size."""
        return self.image.resize(SIZE, Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def font(face: str, size: float) -> ImageFont.FreeTypeFont:
    """The first installed face of a kind. Raises OSError with the cure when none is."""
    for name in FACES[face]:
        try:
            return ImageFont.truetype(name, round(size * SCALE))
        except OSError:
            continue
    raise OSError("No font found: install fonts-inter and fonts-jetbrains-mono, or fonts-dejavu-core.")


def width(words: str, face: str, size: float) -> float:
    """The width of one line in slide pixels."""
    return font(face, size).getlength(words) / SCALE


def draw(lecture: Lecture, slide: Slide, step: int) -> Image.Image:
    """The slide as it stands while its sentence number `step` is spoken."""
    canvas = Canvas(lecture.accent)
    if "cover" in slide.spec:
        _cover(canvas, slide.spec["cover"])
    else:
        _heading(canvas, slide.spec["title"])
        _body(canvas, slide.spec, step)
    _footer(canvas, lecture)
    return canvas.finished()


def _cover(canvas: Canvas, title: str) -> None:
    lines = title.count("\n") + 1
    canvas.card([90, 150, 12, 98 * lines], "accent", canvas.tones["accent"], 6)
    canvas.text((140, 140), title, 74, "bold", "plain")
    canvas.text((142, 500), "Full Stack Mastery Roadmap: three sharp corners", 30, "text", "accent")
    canvas.text((142, 552), "The voice of this lecture is synthetic.", 26, "text", "muted")


def _heading(canvas: Canvas, title: str) -> None:
    canvas.card([80, 70, 8, 56], "accent", canvas.tones["accent"], 4)
    canvas.text((110, 98), title, 46, "bold", "plain", "lm")


def _footer(canvas: Canvas, lecture: Lecture) -> None:
    canvas.text((80, 686), lecture.title, 20, "text", "muted", "lm")
    canvas.text((1200, 686), "KnowHub sample course · synthetic voice", 20, "text", "muted", "rm")


def _body(canvas: Canvas, spec: dict[str, Any], step: int) -> None:
    beside = "code" in spec and "bullets" in spec and "code_at" not in spec
    for item in spec.get("draw", ()):
        if item.get("from", 1) <= step:
            _item(canvas, item)
    if "code" in spec:
        usual = [640, 190, 560, 380] if beside else [80, 190, 1120, 400]
        _code(canvas, spec["code"], spec.get("code_at", usual))
    if "bullets" in spec:
        left, top, wide = spec.get("bullets_at", [80, 200, 520 if beside else 1120])
        _bullets(canvas, spec["bullets"], step, [left, top, wide], 34 if beside else 32)


def _item(canvas: Canvas, item: dict[str, Any]) -> None:
    tone = item.get("tone", "plain")
    if "box" in item:
        _box(canvas, item["box"], item["at"], item.get("tone", EDGE), item.get("align", "center"))
    elif "arrow" in item:
        _arrow(canvas, item, tone)
    elif "line" in item:
        canvas.line(item["line"], tone)
        for x, y in (item["line"][:2], item["line"][2:]):
            canvas.line([x, y - 9, x, y + 9], tone)
    else:
        anchor = "lm" if item.get("align") == "left" else "mm"
        canvas.text(tuple(item["at"]), item["label"], item.get("size", 28), "text", tone, anchor)


def _box(canvas: Canvas, words: str, at: list[float], tone: str, align: str) -> None:
    left, top, wide, high = at
    canvas.card(at, EDGE if tone == "plain" else tone)
    lines = words.split("\n")
    size = next(s for s in range(30, 10, -1) if max(width(line, "text", s) for line in lines) <= wide - 32)
    pitch = size * 1.5
    for number, line in enumerate(lines):
        y = top + high / 2 + (number - (len(lines) - 1) / 2) * pitch
        # the first line of several names the thing, the others explain it
        face = "bold" if number == 0 and align == "center" else "text"
        ink = "plain" if number == 0 else "#b9c6da"
        x, anchor = (left + 24, "lm") if align == "left" else (left + wide / 2, "mm")
        canvas.text((x, y), line, size, face, ink, anchor)


def _arrow(canvas: Canvas, item: dict[str, Any], tone: str) -> None:
    x1, y1, x2, y2 = item["arrow"]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    neck = (x2 - 16 * dx, y2 - 16 * dy)
    canvas.line([x1, y1, *neck], tone)
    head = [(x2, y2), (neck[0] - 8 * dy, neck[1] + 8 * dx), (neck[0] + 8 * dy, neck[1] - 8 * dx)]
    canvas.pen.polygon([(x * SCALE, y * SCALE) for x, y in head], canvas.tones[tone])
    if "text" in item:
        offset = 22 if item.get("under") else -22
        canvas.text(((x1 + x2) / 2, (y1 + y2) / 2 + offset), item["text"], 24, "text", tone, "mm")


def _bullets(canvas: Canvas, bullets: list[Any], step: int, area: list[float], size: int) -> None:
    left, y, wide = area
    for bullet in bullets:
        entry = bullet if isinstance(bullet, dict) else {"text": bullet}
        if entry.get("from", 1) > step:
            continue
        canvas.card([left, y + size * 0.36, 12, 12], "accent", canvas.tones["accent"], 6)
        y = _rich(canvas, entry["text"], (left + 34, y), wide - 34, size) + size * 0.7


def _rich(canvas: Canvas, words: str, at: tuple[float, float], wide: float, size: int) -> float:
    """Wrapped text in which **this** is bold; returns the y under the last line."""
    x, y = at
    for number, part in enumerate(words.split("**")):
        face, tone = ("bold", "accent") if number % 2 else ("text", "plain")
        for word in re.findall(r"\s+|\S+", part):
            if not word.isspace() and x + width(word, face, size) > at[0] + wide:
                x, y = at[0], y + size * 1.35
            canvas.text((x, y), word, size, face, tone)
            x += width(word, face, size)
    return y + size * 1.25


def _code(canvas: Canvas, code: str, area: list[float]) -> None:
    lines = code.rstrip("\n").split("\n")
    left, top, wide, high = area
    longest = max(lines, key=len)
    low = (s for s in range(30, 12, -1) if len(lines) * s * 1.45 <= high - 40)
    size = next(s for s in low if width(longest, "code", s) <= wide - 56)
    canvas.card([left, top, wide, min(high, len(lines) * size * 1.45 + 48)], EDGE, "#131c2b")
    for number, line in enumerate(lines):
        _code_line(canvas, line, (left + 28, top + 26 + number * size * 1.45), size)


def _code_line(canvas: Canvas, line: str, at: tuple[float, float], size: float) -> None:
    x, y = at
    position = 0
    pieces: list[tuple[str, str]] = []
    for token in TOKENS.finditer(line):
        ink = INKS[token.lastgroup or "word"]
        pieces += [(line[position : token.start()], "plain"), (token.group(), ink)]
        position = token.end()
    for piece, tone in [*pieces, (line[position:], "plain")]:
        canvas.text((x, y), piece, size, "code", tone)
        x += width(piece, "code", size)
