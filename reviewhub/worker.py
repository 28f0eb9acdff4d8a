"""gunicorn's worker with threads, which says no in time: what it cannot serve soon is refused.

Without it, more requests than there are threads wait in a queue without end, each longer than its
visitor does. Here a few may wait; the others are answered by threads of their own, which do
nothing but refuse (`reviewhub.overload`), quickly and without the database.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

REFUSED = "reviewhub.refused"  # in the environment of a request that is to be refused
WAITING_FOR_EACH_THREAD = 8  # at 0.1 s a page, who waits last waits about a second
REFUSING_THREADS = 2

refusing = threading.local()


class Worker(ThreadWorker):
    """Refuses requests once too many wait."""

    wsgi: Any

    def init_process(self):
        self.refusals = ThreadPoolExecutor(
            REFUSING_THREADS, initializer=partial(setattr, refusing, "here", True)
        )
        super().init_process()

    def load_wsgi(self):
        super().load_wsgi()
        site = self.wsgi

        def told(environ, start_response):
            environ[REFUSED] = getattr(refusing, "here", False)
            return site(environ, start_response)

        self.wsgi = told

    def enqueue_req(self, conn):
        """As gunicorn's own, but for the choice of who answers.

        No thread waits for a connection that has said nothing yet; gunicorn's would, 5 seconds.
        """
        if not (conn.initialized or conn.data_ready or conn.wait_for_data(0)):
            conn.sock.setblocking(False)
            conn.set_timeout()
            self.pending_conns.append(conn)
            self.poller.register(
                conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn)
            )
            return
        waiting = self.tpool._work_queue.qsize()
        full = waiting >= WAITING_FOR_EACH_THREAD * self.cfg.threads
        answered = (self.refusals if full else self.tpool).submit(self.handle, conn)
        answered.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )
