#!/bin/sh
# Takes the variables of the official image that this project and its documents use.
set -eu
if [ "$1" != /bin/sqld ]; then exec "$@"; fi
case "${SQLD_NODE:-primary}" in
  primary) set -- "$@" --grpc-listen-addr "${SQLD_GRPC_LISTEN_ADDR:-0.0.0.0:5001}" ;;
  replica) set -- "$@" --primary-grpc-url "$SQLD_PRIMARY_URL" ;;
esac
exec "$@" --db-path "${SQLD_DB_PATH:-iku.db}" --http-listen-addr "${SQLD_HTTP_LISTEN_ADDR:-0.0.0.0:8080}"
