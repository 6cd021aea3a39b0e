import pg from 'pg';

const asText = { getTypeParser: () => (value: unknown) => value };

/** Objects that statements are asked about: by the oid they have on each server. */
export const SUBJECTS = [
  'app.users',
  'app.posts',
  'app.events',
  'app.active_users',
  'app.user_stats',
  'app.users_lower_idx',
  'app.custom_seq',
];

export type Answer =
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: 'error'; readonly text: string };

/** A server with the clients' schema. */
export class CatalogTarget {
  readonly #client: pg.Client;
  readonly #oids = new Map<string, string>();
  /** What is written as `#`: the database's name, oids of types that extensions have made. */
  #own: RegExp = /(?!)/;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @returns the target, and which of the schema's statements succeeded there and which failed */
  static async open(
    config: pg.ClientConfig,
    schema: readonly string[],
  ): Promise<{ target: CatalogTarget; done: readonly string[]; failed: readonly string[] }> {
    const client = new pg.Client(config);
    await client.connect();
    const done: string[] = [];
    const failed: string[] = [];
    for (const statement of schema) {
      try {
        await client.query(statement);
        done.push(statement);
      } catch (error) {
        failed.push(`${statement.slice(0, 100).replaceAll(/\s+/g, ' ')} → ${error instanceof Error ? error.message : ''}`);
      }
    }
    await client.query('SET search_path = app, public');
    const target = new CatalogTarget(client);
    for (const name of SUBJECTS) {
      const { rows } = await client.query<{ oid: string | null }>(`SELECT to_regclass($1)::oid::text AS oid`, [name]);
      target.#oids.set(name, rows[0]?.oid ?? '0');
    }
    const own = await client.query<{ text: string }>(
      `SELECT current_database()::text AS text UNION SELECT unnest(ARRAY[oid, typarray])::text FROM pg_type WHERE typname = 'citext'`,
    );
    target.#own = new RegExp(`\\b(${own.rows.map(({ text }) => text).join('|')})\\b`, 'g');
    return { target, done, failed };
  }

  oidOf(subject: string): string {
    return this.#oids.get(subject) ?? '0';
  }

  /** Types of a statement's parameters; undefined where it can't be prepared. */
  async parameterTypes(text: string): Promise<readonly string[] | string> {
    try {
      await this.#client.query(`PREPARE corpus AS ${text}`);
      const { rows } = await this.#client.query<{ types: string[] }>(
        `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'corpus'`,
      );
      await this.#client.query('DEALLOCATE corpus');
      return rows[0]?.types ?? [];
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async ask(text: string, values: readonly string[]): Promise<Answer> {
    try {
      const result = await this.#client.query({ text, values: [...values], rowMode: 'array', types: asText });
      const one = Array.isArray(result) ? result.at(-1) : result;
      const columns = one.fields.map((field: pg.FieldDef) => field.name);
      const write = (value: string | null): string => (value === null ? '∅' : normalized(value.replaceAll(this.#own, '#')));
      const rows = one.rows.map((row: readonly (string | null)[]) => row.map(write).join('|')).filter((row: string) => !OURS.test(row));
      return { kind: 'rows', columns, rows };
    } catch (error) {
      return { kind: 'error', text: error instanceof pg.DatabaseError ? `${error.code} ${error.message}` : String(error) };
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

/** Oids of users' objects, and sizes, differ. */
const normalized = (value: string): string => value.replaceAll(/(?<!\d)\d{5,10}(?!\d)/g, '#').replace(/^PostgreSQL 15.*/, 'PostgreSQL 15');

/** Rows of schemas and roles that only this server has. */
const OURS = /(^|[|\s{,])(system|kalamdb|kalamdb_admin|kalamdb_service)([|\s.},=]|$)/;

/** Statements apart by a semicolon at a line's end, but not inside of $$. */
export function statementsOf(script: string): readonly string[] {
  const found: string[] = [];
  let current = '';
  for (const line of script.split('\n')) {
    current += `${line}\n`;
    const quotes = current.split('$$').length - 1;
    if (line.trimEnd().endsWith(';') && quotes % 2 === 0) {
      found.push(current);
      current = '';
    }
  }
  if (current.trim() !== '') found.push(current);
  return found;
}
