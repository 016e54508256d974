"""`BitString`: the value of a ``BIT`` column, a string of the digits 0 and 1.

https://www.postgresql.org/docs/current/datatype-bit.html
"""

from __future__ import annotations

from typing import Any, Literal, SupportsIndex, cast

__all__ = ["BitString"]

_DIGITS = frozenset("01")


class BitString(str):
    """A string of bits, equal to the ``str`` of its digits.

    :raises ValueError: for a character other than ``0`` and ``1``.
    """

    __slots__ = ()

    def __new__(cls, _value: str, _check: bool = True) -> BitString:
        if isinstance(_value, BitString):
            return _value
        if _check and not _DIGITS.issuperset(_value):
            raise ValueError("BitString must only contain '0' and '1' chars")
        return super().__new__(cls, _value)

    @classmethod
    def from_int(cls, value: int, length: int) -> BitString:
        """The binary digits of a number, filled up with zeros on the left.

        :raises ValueError: for a negative number, or one of more than ``length`` digits.
        """
        if value < 0:
            raise ValueError("value must be non-negative")
        digits = f"{value:b}" if value else ""
        if len(digits) > length:
            raise ValueError(f"Cannot encode {value} as a BitString of length {length}")
        return cls(digits.zfill(length), False)

    @classmethod
    def from_bytes(cls, value: bytes, length: int = -1) -> BitString:
        """The bits of bytes, highest first; ``length`` adds or takes away zeros on the left.

        :raises ValueError: when a bit that is set has no place in ``length``.
        """
        digits = "".join(f"{byte:08b}" for byte in value)
        if length < 0:
            return cls(digits, False)
        kept = digits.lstrip("0")
        if len(kept) > length:
            raise ValueError(f"Cannot encode {value!r} as a BitString of length {length}")
        return cls(kept.zfill(length), False)

    # -- bits

    def get_bit(self, index: int) -> Literal["0", "1"]:
        """The digit at an index, counted from the left."""
        return cast('Literal["0", "1"]', str.__getitem__(self, index))

    def has_bit(self, index: int) -> bool:
        """Whether the bit at an index is set."""
        return self.get_bit(index) == "1"

    def set_bit(self, index: int, value: bool | int | Literal["0", "1"]) -> BitString:
        """A copy with the bit at an index set to a digit or, for a number, to whether it isn't 0.

        :raises IndexError: for an index outside of the string.
        """
        if not 0 <= index < len(self):
            raise IndexError("BitString index out of range")
        digit = value if isinstance(value, str) else "1" if value else "0"
        return BitString(f"{str(self)[:index]}{digit}{str(self)[index + 1 :]}")

    @property
    def bit_length(self) -> int:
        """How many bits it has."""
        return len(self)

    @property
    def octet_length(self) -> int:
        """How many bytes hold it."""
        return (len(self) + 7) // 8

    def __int__(self) -> int:
        return int(str(self), 2) if self else 0

    def to_bytes(self, length: int = -1) -> bytes:
        """The bits as bytes, zeros added on the left.

        :raises OverflowError: when ``length`` bytes can't hold them.
        """
        return int(self).to_bytes(length if length >= 0 else self.octet_length, "big")

    def __bytes__(self) -> bytes:
        return self.to_bytes()

    # -- operators

    def __invert__(self) -> BitString:
        return BitString(self.translate({48: 49, 49: 48}), False)

    def _combined(self, other: str, number: int) -> BitString:
        if len(other) != len(self):
            raise ValueError("Operands must be the same length")
        return BitString.from_int(number, len(self))

    def __and__(self, o: str) -> BitString:
        if not isinstance(o, str):
            return NotImplemented
        return self._combined(o, int(self) & int(BitString(o)))

    def __or__(self, o: str) -> BitString:
        if not isinstance(o, str):
            return NotImplemented
        return self._combined(o, int(self) | int(BitString(o)))

    def __xor__(self, o: str) -> BitString:
        if not isinstance(o, str):
            return NotImplemented
        return self._combined(o, int(self) ^ int(BitString(o)))

    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__

    def __lshift__(self, amount: int) -> BitString:
        digits = str(self)[amount:] if amount >= 0 else str(self)
        return BitString(digits.ljust(len(self), "0"), False)

    def __rshift__(self, amount: int) -> BitString:
        return BitString(str(self)[: max(len(self) - max(amount, 0), 0)], False).zfill(len(self))

    # -- what a str can do, giving bit strings

    def lstrip(self, char: str | None = None) -> BitString:
        """A copy without the zeros (or ``char``) on the left."""
        return BitString(super().lstrip(char or "0"), False)

    def rstrip(self, char: str | None = "0") -> BitString:
        """A copy without the zeros (or ``char``) on the right."""
        return BitString(super().rstrip(char or "0"), False)

    def strip(self, char: str | None = "0") -> BitString:
        """A copy without the zeros (or ``char``) on both sides."""
        return BitString(super().strip(char or "0"), False)

    def removeprefix(self, prefix: str, /) -> BitString:
        """As ``str.removeprefix``."""
        return BitString(super().removeprefix(prefix), False)

    def removesuffix(self, suffix: str, /) -> BitString:
        """As ``str.removesuffix``."""
        return BitString(super().removesuffix(suffix), False)

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> BitString:
        """As ``str.replace``."""
        return BitString(super().replace(old, new, count))

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        """As ``str.split``: a list of bit strings."""
        return [BitString(part, False) for part in super().split(sep, maxsplit)]

    def zfill(self, width: SupportsIndex) -> BitString:
        """As ``str.zfill``."""
        return BitString(super().zfill(width), False)

    def __getitem__(self, key: SupportsIndex | slice[Any, Any, Any]) -> BitString:
        return BitString(super().__getitem__(key), False)

    def __add__(self, o: str) -> BitString:
        return BitString(super().__add__(o))

    def __radd__(self, o: str) -> BitString:
        return BitString(o + str(self))

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f'BitString("{self!s}")'
