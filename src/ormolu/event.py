"""Events: listeners on engines, sessions, mapped classes, tables, attributes.

A room that fires events declares them in a ``Dispatch`` subclass; a dispatch has one attribute
per event, the tuple of its handlers, so that firing costs one attribute test when nobody
listens::

    dispatch = session.dispatch
    if dispatch.before_commit:
        for handler in dispatch.before_commit:
            handler(session)

Dispatches form a tree. An object without listeners of its own *shares* its class's dispatch (a
class attribute), so that making an object costs nothing; its first own listener gives it a
child. A listener on a class or a factory reaches every child, also those made earlier. Handlers
of an event whose result matters (``Event.value``) always return it: a listener registered
without ``retval=True`` is wrapped to hand on what it was given.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from ormolu.exc import ArgumentError, InvalidRequestError

Handler = Callable[..., Any]
# https://docs.python.org/3/library/inspect.html#inspect.CO_VARARGS
_CO_VARARGS = 4
_F = TypeVar("_F", bound=Handler)


class Event:
    """The declaration of one event.

    ``args`` names the handler's arguments, in order; ``value`` names those whose new value the
    handler returns (one: the value itself; several: a tuple). With ``answer``, what a handler
    returns is its answer, and None is none. Other events ignore what handlers return.
    ``legacy`` names the arguments of handlers as they were written before there were all of
    ``args``; a handler that takes just so many receives these.
    """

    __slots__ = ("answer", "args", "legacy", "name", "value")

    def __init__(
        self,
        name: str,
        args: tuple[str, ...],
        value: tuple[str, ...] = (),
        *,
        answer: bool = False,
        legacy: tuple[str, ...] | None = None,
    ) -> None:
        self.name = name
        self.args = args
        self.value = value
        self.answer = answer
        self.legacy = legacy


class _Listener:
    """One registration: the function as the user knows it, and as it is called.

    One that was for a single time is ``spent`` after it: still known, and not called.
    """

    __slots__ = ("fn", "handler", "propagate", "spent")

    def __init__(self, fn: Handler, handler: Handler, propagate: bool) -> None:
        self.fn = fn
        self.handler = handler
        self.spent = False
        self.propagate = propagate


class Dispatch:
    """The handlers of one target, a tuple per event, each an attribute of the event's name.

    Subclasses set ``events``, and in ``unknown`` what an event that is not among them raises.
    ``parent``'s handlers come first; with ``propagating_only``, only
    those registered with ``propagate=True`` are inherited (mapped subclasses).
    """

    events: ClassVar[tuple[Event, ...]] = ()
    event_named: ClassVar[dict[str, Event]] = {}
    unknown: ClassVar[type[Exception]] = InvalidRequestError

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.event_named = {event.name: event for event in cls.events}
        for event in cls.events:
            setattr(cls, event.name, ())

    def __init__(self, parent: Dispatch | None = None, *, propagating_only: bool = False) -> None:
        self._parent = parent
        self._propagating_only = propagating_only
        self._own: dict[str, list[_Listener]] = {}
        self._children: weakref.WeakSet[Dispatch] = weakref.WeakSet()
        if parent is not None:
            parent._children.add(self)
            for name in self.event_named:
                self._refresh(name)

    def child(self, *, propagating_only: bool = False) -> Dispatch:
        """A dispatch of the same class that inherits this one's listeners."""
        return type(self)(self, propagating_only=propagating_only)

    def handlers(self, name: str) -> tuple[Handler, ...]:
        """The handlers of the event ``name``: what the attribute of that name holds."""
        found: tuple[Handler, ...] = getattr(self, name)
        return found

    def _listeners(self, name: str) -> list[_Listener]:
        inherited: list[_Listener] = []
        if self._parent is not None:
            inherited = self._parent._listeners(name)
            if self._propagating_only:
                inherited = [listener for listener in inherited if listener.propagate]
        return inherited + self._own.get(name, [])

    def _refresh(self, name: str) -> None:
        found = tuple([each.handler for each in self._listeners(name) if not each.spent])
        if found != getattr(self, name):
            setattr(self, name, found)
        for child in list(self._children):
            child._refresh(name)

    def _add(self, name: str, listener: _Listener, insert: bool) -> None:
        own = self._own.setdefault(name, [])
        for existing in own:
            if existing.fn == listener.fn:
                if not existing.spent:
                    return
                own.remove(existing)
                break
        own.insert(0 if insert else len(own), listener)
        self._refresh(name)

    def _discard(self, name: str, fn: Handler) -> bool:
        own = self._own.get(name, [])
        kept = [listener for listener in own if listener.fn != fn]
        if len(kept) == len(own):
            return False
        self._own[name] = kept
        self._refresh(name)
        return True

    def _spend(self, name: str, fn: Handler) -> bool:
        """Note that what listens once was called; False: it had been, or was removed."""
        for listener in self._own.get(name, []):
            if listener.fn == fn and not listener.spent:
                listener.spent = True
                self._refresh(name)
                return True
        return False

    def _has(self, name: str, fn: Handler) -> bool:
        return any(listener.fn == fn for listener in self._own.get(name, []))


#: The classes that declare the events of a kind of target.
Events = Dispatch

Resolver = Callable[[Any], Dispatch | Iterable[Dispatch] | None]

_resolvers: dict[type[Any], list[Resolver]] = {}


def owned_dispatch(owner: Any) -> Dispatch:
    """The dispatch of ``owner`` itself, made below the one it shares if it has none yet.

    ``owner`` is a class with a class attribute ``dispatch``, a subclass of one, or an object of
    one. Every class on the way gets its own, so that later listeners on it reach this one too.
    """
    own = vars(owner).get("dispatch")
    if isinstance(own, Dispatch):
        return own
    if isinstance(owner, type):
        above = next(cls for cls in owner.__mro__[1:] if hasattr(cls, "dispatch"))
        parent = owned_dispatch(above)
    else:
        parent = owned_dispatch(type(owner))
    dispatch = parent.child()
    owner.dispatch = dispatch
    return dispatch


def register_target(cls: type[Any], resolver: Resolver = owned_dispatch) -> None:
    """Let objects and subclasses of ``cls`` be targets of ``listen``.

    ``resolver(target)`` gives the ``Dispatch`` (or several) that a listener on ``target`` joins,
    or ``None`` if the target is not its concern. Several resolvers may serve one class; the
    event's name decides among their dispatches.
    """
    _resolvers.setdefault(cls, []).append(resolver)


def listen(
    target: Any,
    identifier: str,
    fn: Handler,
    *,
    once: bool = False,
    propagate: bool = False,
    insert: bool = False,
    named: bool = False,
    retval: bool = False,
) -> None:
    """Call ``fn`` whenever the event ``identifier`` happens to ``target``.

    :param once: only the first time.
    :param propagate: on subclasses of the target too, where the target is a mapped class.
    :param insert: before the listeners registered earlier.
    :param named: pass the event's arguments by keyword.
    :param retval: ``fn`` returns the new value, for events that have one.
    :raises InvalidRequestError: the target has no such event.
    """
    for dispatch in _dispatches(target, identifier):
        event = dispatch.event_named[identifier]
        if retval and not (event.value or event.answer):
            raise ArgumentError(
                f"The event {identifier!r} takes no value from its listeners; "
                f"listen without retval=True"
            )
        handler = _handler(event, fn, named=named, retval=retval)
        if once:
            handler = _once(dispatch, identifier, fn, handler)
        dispatch._add(identifier, _Listener(fn, handler, propagate), insert)


def listens_for(
    target: Any,
    identifier: str,
    *,
    once: bool = False,
    propagate: bool = False,
    insert: bool = False,
    named: bool = False,
    retval: bool = False,
) -> Callable[[_F], _F]:
    """Decorate a function to ``listen`` with it."""

    def decorate(fn: _F) -> _F:
        listen(
            target,
            identifier,
            fn,
            once=once,
            propagate=propagate,
            insert=insert,
            named=named,
            retval=retval,
        )
        return fn

    return decorate


def remove(target: Any, identifier: str, fn: Handler) -> None:
    """Undo the ``listen`` that had the same three arguments.

    :raises InvalidRequestError: there was none.
    """
    removed = [dispatch._discard(identifier, fn) for dispatch in _dispatches(target, identifier)]
    if not any(removed):
        raise InvalidRequestError(
            f"No listeners found for event {target!r} / {identifier!r} / {fn!r}; "
            f"remove() takes the same target, name and function that listen() was given"
        )


def contains(target: Any, identifier: str, fn: Handler) -> bool:
    """Whether ``fn`` listens to this event on this very target."""
    return any(dispatch._has(identifier, fn) for dispatch in _dispatches(target, identifier))


def _dispatches(target: Any, identifier: str) -> list[Dispatch]:
    unknown: type[Exception] = InvalidRequestError
    lineage = type(target).__mro__
    if isinstance(target, type):
        lineage = target.__mro__ + lineage
    for cls in lineage:
        for resolver in _resolvers.get(cls, ()):
            found = resolver(target)
            if found is None:
                continue
            several = [found] if isinstance(found, Dispatch) else list(found)
            if several and all(identifier in dispatch.event_named for dispatch in several):
                return several
            if several:
                unknown = several[0].unknown
    raise unknown(f"No such event {identifier!r} for target '{target}'")


def _handler(event: Event, fn: Handler, *, named: bool, retval: bool) -> Handler:
    if named:
        fn = _by_keyword(event.args, fn)
    elif event.legacy is not None and _positional(fn) == len(event.legacy):
        fn = _with_legacy(tuple(event.args.index(name) for name in event.legacy), fn)
    if event.value and not retval:
        fn = _handing_on(tuple(event.args.index(name) for name in event.value), fn)
    return fn


def _positional(fn: Handler) -> int | None:
    """The number of arguments that a function takes by position; None when it takes any."""
    code = getattr(fn, "__code__", None)
    if code is None or code.co_flags & _CO_VARARGS:
        return None
    bound = 1 if getattr(fn, "__self__", None) is not None else 0
    count: int = code.co_argcount - bound
    return count


def _with_legacy(positions: tuple[int, ...], fn: Handler) -> Handler:
    return lambda *args: fn(*[args[position] for position in positions])


def _by_keyword(names: tuple[str, ...], fn: Handler) -> Handler:
    return lambda *args, **options: fn(**dict(zip(names, args, strict=False)), **options)


def _handing_on(positions: tuple[int, ...], fn: Handler) -> Handler:
    if len(positions) == 1:
        (position,) = positions

        def one(*args: Any) -> Any:
            return _after(fn(*args), args[position])

        return one

    def several(*args: Any) -> Any:
        return _after(fn(*args), tuple(args[position] for position in positions))

    return several


def _after(result: Any, value: Any) -> Any:
    """Return ``value``; when ``result`` is still to be awaited, a coroutine that does it first."""
    return _awaited(result, value) if hasattr(result, "__await__") else value


async def _awaited(result: Any, value: Any) -> Any:
    await result
    return value


def _once(dispatch: Dispatch, identifier: str, fn: Handler, handler: Handler) -> Handler:
    def once(*args: Any, **options: Any) -> Any:
        # An event fired while the handlers run goes through the tuple taken before.
        if dispatch._spend(identifier, fn):
            return handler(*args, **options)
        event = dispatch.event_named[identifier]
        return _handing_on_nothing(event, args)

    return once


def _handing_on_nothing(event: Event, args: tuple[Any, ...]) -> Any:
    values = tuple(args[event.args.index(name)] for name in event.value)
    return values[0] if len(values) == 1 else values or None
