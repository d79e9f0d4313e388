"""Other people's sync servers, measured on the machine where Linli is measured, so that ratios mean something.

`measure(peer)` starts the peer's own server, drives it with the peer's own protocol through a proxy that
counts bytes, and returns figures. A peer lives in an environment of its own, made by `install.py`; nothing of
it is imported here, copied here, or needed by Linli.
"""

from peers.environment import PEERS, Missing, home
from peers.measuring import measure
from peers.proxy import CountingProxy

__all__ = ["PEERS", "CountingProxy", "Missing", "home", "measure"]
