import type { Client } from 'pg'
import { SCHEMA } from '../postgres/schema.ts'
import type { Feed } from './address.ts'
import type { Position } from './copy.ts'

/** Beside the schema of the run, so that nothing in there is anybody else's. */
export const FEED_SCHEMA = 'sqlatency_feed'
export const PUBLICATION = 'sqlatency'

/** A snapshot from before every transaction. */
const BEFORE_ALL = '1:1:'

/** Neither logical replication nor triggers bring tables over, so event triggers tell of them in the transaction that makes them. */
const TELL_DEFINITIONS = `
CREATE FUNCTION ${FEED_SCHEMA}.made() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE schema_name = '${SCHEMA}' LOOP
    IF one.command_tag = 'CREATE TABLE' THEN
      PERFORM ${FEED_SCHEMA}.tell_table(one.objid);
    ELSIF one.command_tag = 'CREATE INDEX' THEN
      PERFORM ${FEED_SCHEMA}.tell(json_build_object('kind', 'create index', 'table', t.relname, 'index', c.relname, 'isUnique', i.indisunique, 'columns', (
          SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)))
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
      WHERE i.indexrelid = one.objid AND NOT i.indisprimary;
    ELSE
      RAISE EXCEPTION '% is not brought over to SQLite', one.command_tag;
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION ${FEED_SCHEMA}.gone() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ${FEED_SCHEMA}.tell(json_build_object('kind', 'drop ' || object_type, object_type, object_name))
  FROM pg_event_trigger_dropped_objects()
  WHERE schema_name = '${SCHEMA}' AND original AND object_type IN ('table', 'index');
END $$;
CREATE EVENT TRIGGER sqlatency_made ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
  EXECUTE FUNCTION ${FEED_SCHEMA}.made();
CREATE EVENT TRIGGER sqlatency_gone ON sql_drop EXECUTE FUNCTION ${FEED_SCHEMA}.gone();`

/** The columns of a table, as `Definition` has them. */
const DESCRIBE_TABLE = `
CREATE FUNCTION ${FEED_SCHEMA}.describe(made oid) RETURNS json LANGUAGE sql AS $$
  SELECT json_build_object('kind', 'create table', 'table', (SELECT relname FROM pg_class WHERE oid = made), 'columns', json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'isKey', EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = made AND i.indisprimary AND a.attnum = ANY (i.indkey))
  ) ORDER BY a.attnum))
  FROM pg_attribute a WHERE a.attrelid = made AND a.attnum > 0 AND NOT a.attisdropped
$$;`

/** Definitions travel in the log itself, between the rows of their transaction. */
const TELL_LOGICAL = `
CREATE FUNCTION ${FEED_SCHEMA}.tell(body json) RETURNS void LANGUAGE sql AS $$
  SELECT pg_logical_emit_message(true, '${PUBLICATION}', body::text)
$$;
CREATE FUNCTION ${FEED_SCHEMA}.tell_table(made oid) RETURNS void LANGUAGE sql AS $$
  SELECT ${FEED_SCHEMA}.tell(${FEED_SCHEMA}.describe(made))
$$;
CREATE PUBLICATION ${PUBLICATION} FOR TABLES IN SCHEMA ${SCHEMA};`

/**
 * A trigger writes each changed row down, value by value as text, beside the transaction that changed it. Numbers are given while the row is locked, so
 * among the changes of one row they stand in the order in which they happened (an identity column caches none).
 */
const TELL_POLLING = `
CREATE TABLE ${FEED_SCHEMA}.change (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind text NOT NULL, "table" name, key text, row json);
CREATE INDEX ON ${FEED_SCHEMA}.change (xid);
CREATE TABLE ${FEED_SCHEMA}.consumer (name text PRIMARY KEY, seen pg_snapshot NOT NULL);
CREATE FUNCTION ${FEED_SCHEMA}.tell(body json) RETURNS void LANGUAGE sql AS $$
  INSERT INTO ${FEED_SCHEMA}.change (kind, row) VALUES ('definition', body)
$$;
CREATE FUNCTION ${FEED_SCHEMA}.tell_table(made oid) RETURNS void LANGUAGE plpgsql AS $made$
DECLARE
  key name;
  names text;
  texts text;
  note text := format('${FEED_SCHEMA}.%I', 'note_' || made);
BEGIN
  PERFORM ${FEED_SCHEMA}.tell(${FEED_SCHEMA}.describe(made));
  SELECT a.attname INTO STRICT key FROM pg_index i JOIN pg_attribute a ON a.attrelid = made AND a.attnum = i.indkey[0]
    WHERE i.indrelid = made AND i.indisprimary;
  SELECT string_agg(quote_literal(attname), ', '), string_agg(format('NEW.%I::text', attname), ', ') INTO names, texts
    FROM pg_attribute WHERE attrelid = made AND attnum > 0;
  EXECUTE format($note$
    CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO ${FEED_SCHEMA}.change (kind, "table", row) VALUES ('insert', TG_TABLE_NAME, json_object(ARRAY[%2$s], ARRAY[%5$s]));
      ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO ${FEED_SCHEMA}.change (kind, "table", key, row)
          VALUES ('update', TG_TABLE_NAME, OLD.%3$I::text, json_object(ARRAY[%2$s], ARRAY[%5$s]));
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO ${FEED_SCHEMA}.change (kind, "table", key) VALUES ('delete', TG_TABLE_NAME, OLD.%3$I::text);
      ELSE
        INSERT INTO ${FEED_SCHEMA}.change (kind, "table") VALUES ('truncate', TG_TABLE_NAME);
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER sqlatency_note AFTER INSERT OR UPDATE OR DELETE ON %4$s FOR EACH ROW EXECUTE FUNCTION %1$s();
    CREATE TRIGGER sqlatency_note_all AFTER TRUNCATE ON %4$s EXECUTE FUNCTION %1$s()$note$,
    note, names, key, made::regclass, texts);
END $made$;`

/** From here on PostgreSQL tells of whatever happens in the schema of the run. */
export async function publish(client: Client, feed: Feed): Promise<void> {
  const tell = feed === 'logical' ? TELL_LOGICAL : TELL_POLLING
  await client.query(`CREATE SCHEMA ${FEED_SCHEMA}; ${DESCRIBE_TABLE} ${tell} ${TELL_DEFINITIONS}`)
}

/** PostgreSQL keeps what this consumer has not had. @returns where it begins */
export async function addConsumer(client: Client, feed: Feed, name: string): Promise<Position> {
  if (feed === 'polling') {
    await client.query(`INSERT INTO ${FEED_SCHEMA}.consumer (name, seen) VALUES ($1, $2)`, [name, BEFORE_ALL])
    return BEFORE_ALL
  }
  const { rows } = await client.query<{ position: number }>(
    "SELECT lsn - '0/0' AS position FROM pg_create_logical_replication_slot($1, 'pgoutput')",
    [name],
  )
  return rows[0]!.position
}

/** Another consumer that begins where one is now or was before, for a copy of its file that is made afterwards. */
export async function forkConsumer(client: Client, feed: Feed, name: string, fork: string): Promise<void> {
  const text =
    feed === 'polling'
      ? `INSERT INTO ${FEED_SCHEMA}.consumer SELECT $2, seen FROM ${FEED_SCHEMA}.consumer WHERE name = $1`
      : 'SELECT pg_copy_logical_replication_slot($1, $2)'
  await client.query(text, [name, fork])
}
