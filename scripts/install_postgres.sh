#!/usr/bin/env bash
# The tests of the journal run on a PostgreSQL server of their own: Debian's programs. Installs them where they are missing;
# no server is started and no cluster made: the tests make their own under a temporary folder.
set -euo pipefail

for program in /usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$program" ]; then
        echo "PostgreSQL for the journal's tests: $(dirname "$program")"
        exit 0
    fi
done
if command -v initdb >/dev/null; then
    echo "PostgreSQL for the journal's tests: $(command -v initdb)"
    exit 0
fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing postgresql for the journal's tests ..."
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/takecover-tests.conf
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends postgresql </dev/null
    exit 0
fi

echo "No PostgreSQL was found, so its tests will be skipped. To run them: sudo apt-get install postgresql" >&2
if [ "${CI:-}" = "true" ]; then exit 1; fi
