"""A Dask cluster on this machine, for one audit: workers begin as copies of a process that has everything imported."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from conformance.runs.collecting import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What Dask does beside the work, of use to who watches a cluster for days (distributed.yaml of Dask 2026.8, read 2026-11-29): a profile
#: of every worker a hundred times a second, and a look at the loop fifty times.
_WITHOUT: Final = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}
#: By default each worker is a new Python, which imports Dask and us anew.
_AS_COPIES: Final = {"distributed.worker.multiprocessing-method": "forkserver"}
_IMPORTED: Final = ["distributed", "distributed.nanny", "conformance.runs.partitions"]


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    """Yield a Dask client of a cluster of some worker processes, which ends with the block.

    Raises:
        ImportError: Dask is not installed.
        OSError, TimeoutError: the cluster cannot start.
    """
    from multiprocessing import get_all_start_methods  # noqa: PLC0415 - an audit without a cluster needs none of it

    import dask  # noqa: PLC0415 - an extra

    copies = "forkserver" in get_all_start_methods()
    if copies:
        _import_once()
    with dask.config.set({**_WITHOUT, **(_AS_COPIES if copies else {})}):
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra

        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
        try:
            with Client(cluster, timeout="20s") as client:
                client.run(collect_seldom)
                yield client
        finally:
            cluster.close()


def _import_once() -> None:
    """Start the process that workers are copies of, with all that they import: Dask would start it with less."""
    from multiprocessing import forkserver, get_context  # noqa: PLC0415 - Windows has no forkserver

    get_context("forkserver").set_forkserver_preload(_IMPORTED)
    forkserver.ensure_running()
