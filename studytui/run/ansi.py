"""Terminal control sequences reduced to colour: a small state machine over a stream of bytes.

What passes: printable text, newline, tab, carriage return, backspace (the last two are for
:mod:`studytui.run.output_lines`), and SGR colours (``ESC [ ... m``). What a terminal would act on
is swallowed: cursor movement, modes, titles, clipboard, device control, character sets, in their
7-bit and their 8-bit forms (ECMA-48, section 5.3; the states follow Paul Williams' parser for the
DEC VT500). Sequences that never end are given up after a bound, so that nothing can hide what
follows.

One application string is ours: ``APC studytui;<token>;<payload> ST`` carries an event from the
child, and comes out as :class:`Message`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import Enum, auto

PLAIN = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]+")
REDUCED = re.compile(r"(?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]|\x1b\[[0-9;:]{0,64}m)*+")
TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""What turns the direction of writing: it makes text read other than it is."""
COLOUR = re.compile(r"[0-9;:]{0,64}")
SEQUENCE_LIMIT = 256
STRING_LIMIT = 4_096
BACKSPACE, RETURN = "\b", "\r"

ESCAPE = "\x1b"
STRINGS = {"P": "\x90", "]": "\x9d", "X": "\x98", "^": "\x9e", "_": "\x9f"}
"""The second byte of the 7-bit form of DCS, OSC, SOS, PM and APC, and the 8-bit form."""


@dataclass(frozen=True, slots=True)
class Message:
    """The payload of an event that the child sent in band."""

    payload: str


Piece = str | Message


class _State(Enum):
    GROUND = auto()
    ESCAPE = auto()
    INTERMEDIATE = auto()
    CONTROL = auto()
    STRING = auto()
    STRING_ESCAPE = auto()


class Reducer:
    """Feed it bytes as they come; it gives back text and messages. Keeps state between calls.

    ``token`` is the secret of the run: application strings without it are swallowed.
    """

    def __init__(self, token: str = "") -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._prefix = f"studytui;{token};" if token else ""
        self._state = _State.GROUND
        self._held: list[str] = []
        self._length = 0
        self._kind = ""

    def feed(self, raw: bytes, *, final: bool = False) -> list[Piece]:
        """What ``raw`` shows. ``final`` flushes an unfinished character."""
        text = self._decode(raw, final)
        pieces: list[Piece] = []
        shown: list[str] = []
        at = 0
        while at < len(text):
            if self._state is _State.GROUND:
                plain = PLAIN.match(text, at)
                if plain is not None:
                    shown.append(plain.group())
                    at = plain.end()
                    continue
            elif self._state is _State.STRING:
                after = self._string_run(text, at)
                if after > at:
                    at = after
                    continue
            message = self._step(text[at], shown)
            if message is not None:
                if shown:
                    pieces.append("".join(shown))
                    shown = []
                pieces.append(message)
            at += 1
        if shown:
            pieces.append("".join(shown))
        if not text.isascii():
            pieces = [each.translate(TURNING) if isinstance(each, str) else each for each in pieces]
        return pieces

    def _string_run(self, text: str, at: int) -> int:
        plain = PLAIN.match(text, at)
        if plain is None:
            return at
        taken = plain.group()[: STRING_LIMIT + 1 - self._length]
        self._held.append(taken)
        self._length += len(taken)
        if self._length > STRING_LIMIT:
            self._enter(_State.GROUND)  # it never ends: show what follows
        return at + len(taken)

    def _step(self, character: str, shown: list[str]) -> Message | None:
        if character in "\x18\x1a" and self._state is not _State.GROUND:
            self._enter(_State.GROUND)  # CAN and SUB abort any sequence
            return None
        if self._state in (_State.STRING, _State.STRING_ESCAPE):
            return self._in_string(character, shown)
        if character == ESCAPE:
            self._enter(_State.ESCAPE)
        elif "\x80" <= character <= "\x9f":
            self._eight_bit(character)
        elif self._state is _State.GROUND:
            shown.append(_control(character))
        elif self._state is _State.CONTROL:
            self._in_control(character, shown)
        else:
            self._after_escape(character, shown)
        return None

    def _enter(self, state: _State, kind: str = "") -> None:
        self._state, self._held, self._length, self._kind = state, [], 0, kind

    def _eight_bit(self, character: str) -> None:
        if character == "\x9b":
            self._enter(_State.CONTROL)
        elif character in STRINGS.values():
            self._enter(_State.STRING, character)
        else:
            self._enter(_State.GROUND)

    def _after_escape(self, character: str, shown: list[str]) -> None:
        if character < " ":
            shown.append(_control(character))  # C0 inside a sequence acts at once
        elif " " <= character <= "/":
            self._held.append(character)
            if len(self._held) > SEQUENCE_LIMIT:
                self._enter(_State.GROUND)
            else:
                self._state = _State.INTERMEDIATE
        elif self._state is _State.ESCAPE and character == "[":
            self._enter(_State.CONTROL)
        elif self._state is _State.ESCAPE and character in STRINGS:
            self._enter(_State.STRING, STRINGS[character])
        else:
            self._enter(_State.GROUND)

    def _in_control(self, character: str, shown: list[str]) -> None:
        if character < " ":
            shown.append(_control(character))
        elif " " <= character <= "?":
            self._held.append(character)
            if len(self._held) > SEQUENCE_LIMIT:
                self._enter(_State.GROUND)
        else:
            parameters = "".join(self._held)
            if character == "m" and COLOUR.fullmatch(parameters):
                shown.append(f"{ESCAPE}[{parameters}m")
            self._enter(_State.GROUND)

    def _in_string(self, character: str, shown: list[str]) -> Message | None:
        if self._state is _State.STRING_ESCAPE:
            if character == "\\":
                return self._finish_string()
            self._enter(_State.ESCAPE)  # an escape that is no terminator begins a new sequence
            return self._step(character, shown)
        if character == "\x9c" or (character == "\x07" and self._kind == "\x9d"):
            return self._finish_string()
        if character == ESCAPE:
            self._state = _State.STRING_ESCAPE
        return None

    def _finish_string(self) -> Message | None:
        text, kind = "".join(self._held), self._kind
        self._enter(_State.GROUND)
        if kind == "\x9f" and self._prefix and text.startswith(self._prefix):
            return Message(text[len(self._prefix) :])
        return None


def _control(character: str) -> str:
    if character in "\n\t\r\b":
        return character
    return "\n" if character in "\v\f" else ""


def reduced(text: str) -> str:
    """A whole text reduced to what is printed and its colours."""
    if REDUCED.fullmatch(text):
        return text if text.isascii() else text.translate(TURNING)
    pieces = Reducer().feed(text.encode("utf-8", "replace"), final=True)
    plain = "".join(piece for piece in pieces if isinstance(piece, str))
    return plain.translate({ord(BACKSPACE): None, ord(RETURN): "\n"})
