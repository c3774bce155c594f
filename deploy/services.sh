#!/bin/bash
# For the scripts beside it, which read it in from the folder of the checkout: the services and their containers.
set -euo pipefail

list_services() { # those of the compose file, in its order
  sed -n 's/^    command: \[serve, \([a-z]*\)\]$/\1/p' docker-compose.yml
}

work_alone() { # no other script replaces containers meanwhile; one that is called by another works under its lock
  [[ -e /proc/self/fd/9 ]] || exec 9<docker-compose.yml
  flock -n 9 || { echo "${0#"$PWD/"}: another update or rotation is going on" >&2; exit 1; }
}

is_ready() { # is_ready SERVICE CONTAINER
  docker exec "$2" python -I /opt/kompeten/deploy/health.py "$1" >/dev/null 2>&1
}

wait_until_ready() { # wait_until_ready SERVICE CONTAINER...: all of them, within READY_SECONDS and without a new start
  local service=$1 end=$((SECONDS + READY_SECONDS)) container
  shift
  for container in "$@"; do
    until is_ready "$service" "$container"; do
      ((SECONDS < end)) && [[ $(docker inspect --format '{{.RestartCount}}' "$container") == 0 ]] || return 1
      sleep 0.2
    done
  done
}
