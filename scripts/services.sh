#!/usr/bin/env bash
# Starts Redis, PostgreSQL and MariaDB on their usual loopback ports where they do not answer yet, installing them from
# the distribution where they are missing. Installs nginx, haproxy and chromium, which tests start themselves. For CI and for Debian machines of one's own; elsewhere: docker compose up.
set -euo pipefail

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

await() {
  for _ in $(seq 60); do
    answers "$1" && return
    sleep 0.5
  done
  echo "Nothing answers on port $1" >&2
  exit 1
}

has() { command -v "$1" >/dev/null; }

install() {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

if ! answers 6379; then
  has redis-server || install redis-server
  redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save '' --appendonly no >/dev/null
  await 6379
fi

if ! answers 5432; then
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || install postgresql
  pg_ctlcluster --skip-systemctl-redirect "$(ls /etc/postgresql | sort -n | tail -1)" main start || true
  await 5432
fi

if ! answers 3306; then
  has mariadbd || install mariadb-server
  mkdir -p /run/mysqld && chown mysql /run/mysqld
  start-stop-daemon --start --oknodo --background --exec "$(command -v mariadbd)" -- --user=mysql
  await 3306
fi

# A server that was just installed lets nobody in yet as these tests come: without a password, from this machine.
if has runuser && ! psql -qtA 'postgres://root@127.0.0.1:5432/test' -c 'select 1' >/dev/null 2>&1; then
  hba=$(runuser -u postgres -- psql -qtA -c 'show hba_file')
  sed -i '1i host all all 127.0.0.1/32 trust' "$hba"
  runuser -u postgres -- psql -qc 'select pg_reload_conf()' >/dev/null
  runuser -u postgres -- psql -qc 'create role root superuser login' || true
  runuser -u postgres -- createdb --owner root test || true
fi
if has mariadb && ! mariadb -h 127.0.0.1 -u root -e 'use test' 2>/dev/null; then
  mariadb -u root -e "create database if not exists test; alter user root@localhost identified by ''; flush privileges"
fi

has nginx || install nginx-light
has haproxy || install haproxy
[ -x /usr/sbin/pgbouncer ] || install pgbouncer

# The page of the inspector is tested in a browser.
has chromium || has chromium-browser || has google-chrome || install chromium

echo 'Redis, PostgreSQL and MariaDB answer.'
