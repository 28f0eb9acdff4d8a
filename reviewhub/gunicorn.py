"""How gunicorn serves the site: 2 processes with 4 threads each, at most 8 database connections.

More processes: WEB_CONCURRENCY. Anything else: GUNICORN_CMD_ARGS, or options after the command.
"""

import os

from reviewhub import logs

bind = "0.0.0.0:8000"  # inside the container; compose decides who reaches it
worker_class = "reviewhub.worker.Worker"  # gthread, which refuses what it cannot serve
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4

timeout = 60  # seconds that a process may be silent before it is replaced
graceful_timeout = 30  # seconds that running requests have to end
limit_request_line = 8190  # the address of a reader's own list names up to 200 records
max_requests = 10_000  # a slow leak of memory never grows old
max_requests_jitter = 1_000

worker_tmp_dir = "/dev/shm"  # noqa: S108 - a sign of life that no slow disk can delay
control_socket_disable = True  # nothing but HTTP listens
logconfig_dict = logs.configuration(  # gunicorn's own lines; requests are told by the site
    os.environ.get("LOG_FORMAT") or "json", os.environ.get("LOG_LEVEL") or ""
)
