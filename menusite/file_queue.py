"""The queue of one machine: kombu's folder of messages, in which none is seen before it is whole.

Kombu writes a message under its final name, and a worker that looks at that moment takes an empty one: it fails, and
the message is lost. Here a message is written aside and takes its name when it is done.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.transport.virtual import BrokerState
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """As kombu's; who puts a message needs room on the disk, else `ChannelError` is raised and nothing is left."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as kombu does
        # By the clock first: workers take the oldest name.
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f"{name}.draft"
        try:
            draft.write_bytes(str_to_bytes(dumps(payload)))
            draft.replace(folder / name)
        except OSError as wrong:
            draft.unlink(missing_ok=True)
            raise ChannelError(f"The message {name} could not be written.") from wrong


class Transport(filesystem.Transport):
    Channel = Channel
    # Kombu's transports of this kind share their state by class; ours keeps its own.
    global_state = BrokerState()
