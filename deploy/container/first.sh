#!/bin/sh
# Once, while the database is made: the roles of ../postgresql/roles.sql with their passwords, and who may connect for a base backup.
set -eu
for role in owner app backup; do
  more=""
  [ "$role" = backup ] && more=REPLICATION
  # The password goes in by a variable of psql, which quotes it; it stands on no command line.
  psql -v ON_ERROR_STOP=1 -U postgres -d whistle <<SQL
\set password \`cat /run/secrets/${role}_password\`
CREATE ROLE whistle_$role LOGIN $more PASSWORD :'password';
SQL
done
psql -v ON_ERROR_STOP=1 -U postgres -d whistle -c "GRANT CREATE ON SCHEMA public TO whistle_owner"
echo "host replication whistle_backup samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
