#!/bin/bash
# For the scripts beside it, which read it in from the folder of the checkout: the lines of .env. They may hold secrets.
set -euo pipefail

setting_of() { # setting_of NAME: its value in .env; nothing where there is none
  [[ ! -e .env ]] || sed -n "s/^$1=//p" .env
}

set_setting() { # set_setting NAME VALUE: its line in .env, none for an empty value; the file whole or not at all
  (
    umask 077
    { grep -v "^$1=" .env || true; } >.env.new
    [[ ! $2 ]] || printf '%s=%s\n' "$1" "$2" >>.env.new
  )
  mv .env.new .env
}
