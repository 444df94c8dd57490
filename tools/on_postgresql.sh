#!/bin/sh
# The tests of the web application once more on PostgreSQL: the one of TEST_DATABASE_URL, else one that answers locally.
set -eu
bin=$1
url=${TEST_DATABASE_URL:-postgresql://postgres@127.0.0.1:5432/postgres}
if ! "$bin/python" -c "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()" "$url" 2>/dev/null; then
    echo "no PostgreSQL answers; the web application was tested on SQLite only (TEST_DATABASE_URL names one)"
    exit 0
fi
DATABASE_URL=$url "$bin/python" -m pytest -n 2 --dist loadfile --create-db tests/web
