import type { TableNames } from '../rows/table-names.js'

/** All texts are in ASCII. */
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin'

/** The statements that create what is missing of the tables. */
export function mysqlTables({ entries, content, about, attempts, refusals, meta }: TableNames): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${entries} (
      id bigint NOT NULL PRIMARY KEY,
      hash binary(32) NOT NULL,
      key_hash binary(32) NOT NULL,
      generation int NOT NULL,
      namespace varchar(80) NOT NULL,
      provider varchar(1000) NOT NULL,
      account varchar(1000),
      type text NOT NULL,
      state varchar(16) NOT NULL,
      first_received_at bigint NOT NULL,
      last_received_at bigint NOT NULL,
      due_at bigint,
      attempt_count int NOT NULL,
      runs int NOT NULL,
      token varchar(128) NOT NULL,
      lease_until bigint,
      run_number int NOT NULL,
      run_source varchar(16) NOT NULL,
      run_started_at bigint NOT NULL,
      window_ms bigint NOT NULL,
      is_limited tinyint NOT NULL,
      retry_span_ms bigint NOT NULL,
      occurred_at bigint,
      key_id varchar(128) NOT NULL,
      format int NOT NULL,
      meta mediumblob NOT NULL,
      UNIQUE INDEX hash (hash),
      UNIQUE INDEX again (key_hash, generation),
      INDEX newest (namespace, first_received_at, id),
      INDEX state (namespace, state, first_received_at, id),
      INDEX stats (namespace, provider, account, state, last_received_at),
      INDEX due (namespace, key_id, due_at)
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
    `CREATE TABLE IF NOT EXISTS ${content} (
      entry_id bigint NOT NULL PRIMARY KEY,
      about mediumblob NOT NULL,
      content longblob NOT NULL
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
    `CREATE TABLE IF NOT EXISTS ${about} (
      token binary(16) NOT NULL,
      first_received_at bigint NOT NULL,
      entry_id bigint NOT NULL,
      PRIMARY KEY (token, first_received_at, entry_id)
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
    `CREATE TABLE IF NOT EXISTS ${attempts} (
      entry_id bigint NOT NULL,
      number int NOT NULL,
      ended_at bigint NOT NULL,
      source varchar(16) NOT NULL,
      kind text NOT NULL,
      status int NOT NULL,
      code text,
      duration_ms bigint NOT NULL,
      key_id varchar(128) NOT NULL,
      error mediumblob,
      PRIMARY KEY (entry_id, number)
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
    `CREATE TABLE IF NOT EXISTS ${refusals} (
      number bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      id binary(16) NOT NULL,
      namespace varchar(80) NOT NULL,
      added_at bigint NOT NULL,
      code text NOT NULL,
      provider text,
      key_id varchar(128) NOT NULL,
      content longblob NOT NULL,
      INDEX newest (namespace, number)
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
    `CREATE TABLE IF NOT EXISTS ${meta} (
      name varchar(64) NOT NULL PRIMARY KEY,
      value blob NOT NULL
    ) ENGINE = InnoDB DEFAULT ${ASCII}`,
  ]
}
