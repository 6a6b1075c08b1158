-- Three roles instead of one: an owner who migrates, the application which may add to the log and never change it,
-- and one that takes base backups. Run by a superuser in the database of Whistle, after `whistle migrate` was run as
-- whistle_owner, and again after each upgrade:
--   psql -d whistle -f roles.sql
-- Give each a password (\password whistle_owner), or let them come by peer or certificate (pg_hba.conf).

DO $$
BEGIN
  IF to_regrole('whistle_owner') IS NULL THEN CREATE ROLE whistle_owner LOGIN; END IF;
  IF to_regrole('whistle_app') IS NULL THEN CREATE ROLE whistle_app LOGIN; END IF;
  IF to_regrole('whistle_backup') IS NULL THEN CREATE ROLE whistle_backup LOGIN REPLICATION; END IF;
END $$;
ALTER ROLE whistle_owner NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE whistle_app NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE whistle_backup NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;

-- Boards and their past follow from the log and are dropped and made again: the application makes them in its own name.
GRANT USAGE, CREATE ON SCHEMA public TO whistle_owner, whistle_app;
GRANT USAGE ON SCHEMA public TO whistle_backup;
GRANT pg_read_all_data TO whistle_backup;

-- What is there of the tables that are migrated: read all; add to the log, and change nothing in it.
DO $$
DECLARE
  of_owner text;
BEGIN
  FOR of_owner IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'whistle_owner' LOOP
    EXECUTE format('REVOKE ALL ON public.%I FROM whistle_app', of_owner);
    EXECUTE format('GRANT SELECT ON public.%I TO whistle_app', of_owner);
    IF of_owner IN ('events', 'editions') THEN
      EXECUTE format('GRANT INSERT ON public.%I TO whistle_app', of_owner);
    ELSIF of_owner = 'commands' THEN
      EXECUTE format('GRANT INSERT, DELETE ON public.%I TO whistle_app', of_owner);
    ELSIF of_owner NOT LIKE '%\_version' THEN
      EXECUTE format('GRANT INSERT, UPDATE, DELETE ON public.%I TO whistle_app', of_owner);
    END IF;
  END LOOP;
END $$;
