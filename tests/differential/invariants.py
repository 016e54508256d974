"""What holds in an ormolu session after every operation, whatever it was."""

from __future__ import annotations

from typing import Any

from ormolu.orm.instances.state import (
    DELETED,
    PENDING,
    PERSISTENT,
    STATE,
    Expired,
    Private,
    identity_of,
    session_of,
    state_of,
)


def check_session(session: Any, *, committed: bool = False) -> None:
    """Objects stand in the lists of their phase; each is under its own key in the identity map.

    :param committed: the session has just committed: nothing waits, and everything is expired.
    """
    for mapper, entries in session._identity._maps.items():
        for key, ref in entries.items():
            obj = ref()
            if obj is not None:
                assert identity_of(obj) == key
                assert state_of(obj).phase is PERSISTENT
                assert session_of(obj) is session
                assert type(obj).__mapper__.base_mapper is mapper
                if committed:
                    assert type(state_of(obj)) is Expired
                    assert vars(obj).keys() <= {STATE, *type(obj).__mapper__.plain_names}
    for obj in session._new.values():
        assert state_of(obj).phase is PENDING
        assert session_of(obj) is session
    for obj in session._modified.values():
        state = state_of(obj)
        assert type(state) is Private and state.phase is PERSISTENT
        assert obj in session
        assert session._identity.get(state.mapper, state.key) is obj
    for obj in session._deleted.values():
        assert state_of(obj).phase is not DELETED
        assert obj in session
    if committed:
        assert not session._new and not session._modified and not session._deleted
