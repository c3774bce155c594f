#!/bin/bash
# One database and two roles for each service: kompeten_<service>_owner holds the schema and runs the migrations,
# kompeten_<service> serves. kompeten_backup reads all of them and changes nothing. Safe to repeat; passwords are taken
# anew from the secret files each time.
# The server and its administrator come from PGHOST, PGPORT, PGUSER; SERVICES names the services.
set -euo pipefail

secrets=${SECRETS:-/run/secrets}
if [[ -e $secrets/postgres_password ]]; then
  PGPASSWORD=$(<"$secrets/postgres_password")
  export PGPASSWORD
fi

BACKUP_SECRET=$secrets/postgres_backup_password psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -d postgres <<'SQL'
\set password `cat "$BACKUP_SECRET"`
SELECT 'CREATE ROLE kompeten_backup LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kompeten_backup') \gexec
ALTER ROLE kompeten_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
ALTER ROLE kompeten_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO kompeten_backup;
SQL

for service in ${SERVICES:?names of the services}; do
  SERVICE=$service OWNER_SECRET=$secrets/postgres_owner_password SERVICE_SECRET=$secrets/postgres_${service}_password \
    psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -d postgres <<'SQL'
\set service `printf %s "$SERVICE"`
\set owner_password `cat "$OWNER_SECRET"`
\set service_password `cat "$SERVICE_SECRET"`
SELECT 'kompeten_' || :'service' AS role, 'kompeten_' || :'service' || '_owner' AS owner \gset

SELECT format('CREATE ROLE %I LOGIN', name) FROM (VALUES (:'role'), (:'owner')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'service_password';
-- a statement or a transaction that hangs must not hold up everybody else's
ALTER ROLE :"role" SET statement_timeout = '30s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '2min';
ALTER ROLE :"role" SET timezone = 'UTC';

SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'role', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"role" TO :"role", kompeten_backup;

\connect :role
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"role";
SQL
  echo "kompeten_$service: database and roles are there"
done
