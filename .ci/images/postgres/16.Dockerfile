# The server is npm's; its clients are of the newer Debian, and understand it.
FROM postgres:18
COPY native /usr/lib/postgresql/16
ENV PATH=/usr/lib/postgresql/16/bin:/usr/lib/postgresql/18/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
