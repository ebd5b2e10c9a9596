import type { TableNames } from '../rows/table-names.js'

/**
 * The script that creates what is missing of the tables, and the journal's id, which stands in it: such a script takes no
 * parameters. `content` is not compressed, because it is sealed.
 */
export function postgresTables(names: TableNames, journalId: string): string {
  const { entries, content, about, attempts, refusals, meta } = names
  return `
  SELECT pg_advisory_xact_lock(hashtext('mailbox_hooks_migrate'));
  CREATE TABLE IF NOT EXISTS ${entries} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    key_hash bytea NOT NULL,
    generation integer NOT NULL,
    namespace text NOT NULL,
    provider text NOT NULL,
    account text,
    type text NOT NULL,
    state text NOT NULL,
    first_received_at bigint NOT NULL,
    last_received_at bigint NOT NULL,
    due_at bigint,
    attempt_count integer NOT NULL,
    runs integer NOT NULL,
    token text NOT NULL,
    lease_until bigint,
    run_number integer NOT NULL,
    run_source text NOT NULL,
    run_started_at bigint NOT NULL,
    window_ms bigint NOT NULL,
    is_limited boolean NOT NULL,
    retry_span_ms bigint NOT NULL,
    occurred_at bigint,
    key_id text NOT NULL,
    format integer NOT NULL,
    meta bytea NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS ${names.again} ON ${entries} (key_hash, generation) WHERE generation > 0;
  CREATE INDEX IF NOT EXISTS ${names.newest} ON ${entries} (namespace, first_received_at, id);
  CREATE INDEX IF NOT EXISTS ${names.state} ON ${entries} (namespace, state, first_received_at, id)
    WHERE state <> 'handled';
  CREATE INDEX IF NOT EXISTS ${names.stats} ON ${entries} (namespace, provider, account, state, last_received_at);
  CREATE INDEX IF NOT EXISTS ${names.due} ON ${entries} (namespace, key_id, due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS ${content} (
    entry_id bigint PRIMARY KEY,
    about bytea NOT NULL,
    content bytea NOT NULL
  );
  ALTER TABLE ${content} ALTER COLUMN content SET STORAGE EXTERNAL;
  CREATE TABLE IF NOT EXISTS ${about} (
    token bytea NOT NULL,
    first_received_at bigint NOT NULL,
    entry_id bigint NOT NULL,
    PRIMARY KEY (token, first_received_at, entry_id)
  );
  CREATE TABLE IF NOT EXISTS ${attempts} (
    entry_id bigint NOT NULL,
    number integer NOT NULL,
    ended_at bigint NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    status integer NOT NULL,
    code text,
    duration_ms bigint NOT NULL,
    error bytea,
    key_id text NOT NULL,
    PRIMARY KEY (entry_id, number)
  );
  CREATE TABLE IF NOT EXISTS ${refusals} (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL,
    namespace text NOT NULL,
    added_at bigint NOT NULL,
    code text NOT NULL,
    provider text,
    key_id text NOT NULL,
    content bytea NOT NULL
  );
  CREATE INDEX IF NOT EXISTS ${names.newestRefusals} ON ${refusals} (namespace, number);
  CREATE TABLE IF NOT EXISTS ${meta} (name text PRIMARY KEY, value bytea NOT NULL);
  INSERT INTO ${meta} (name, value) VALUES ('journal_id', decode('${journalId}', 'hex')) ON CONFLICT DO NOTHING`
}
