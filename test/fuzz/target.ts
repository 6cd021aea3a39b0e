import pg from 'pg';
import type { Statement } from './sql-tree.js';

/** What a server answered to one statement. */
export type Outcome =
  | {
      readonly kind: 'rows';
      readonly fields: readonly Field[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly tag: string;
    }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

export interface Field {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
}

const asText = { getTypeParser: () => (value: unknown) => value };
const HANG_MS = 20_000;

/** node-postgres takes the simple protocol where there are no values, unless told. */
const protocol = ({ name, values }: Statement) => ({
  ...(name === undefined ? {} : { name }),
  ...(values?.length === 0 ? { queryMode: 'extended' } : {}),
});

/** One connection to one of the servers that are compared. */
export class Target {
  readonly name: string;
  readonly #config: pg.ClientConfig;
  readonly #start: readonly string[];
  #client: pg.Client | undefined;

  constructor(name: string, config: pg.ClientConfig, start: readonly string[]) {
    this.name = name;
    this.#config = config;
    this.#start = start;
  }

  async run(statement: Statement): Promise<Outcome> {
    const client = this.#client ?? (await this.#connect());
    const config = { text: statement.text, rowMode: 'array' as const, types: asText };
    let timer: NodeJS.Timeout | undefined;
    const hang = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), HANG_MS);
    });
    try {
      const result = await Promise.race([
        client.query(statement.values === undefined ? config : { ...config, ...protocol(statement), values: [...statement.values] }),
        hang,
      ]);
      return {
        kind: 'rows',
        fields: result.fields.map((field) => ({ name: field.name, type: field.dataTypeID, modifier: field.dataTypeModifier })),
        rows: result.rows,
        tag: `${result.command} ${result.rowCount}`,
      };
    } catch (error) {
      if (error instanceof pg.DatabaseError) return { kind: 'error', code: error.code ?? '', message: error.message };
      // The connection broke, or is of no more use.
      this.#client = undefined;
      client.end().catch(() => undefined);
      return { kind: 'error', code: 'BROKEN', message: String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#client?.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#config);
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    for (const text of this.#start) await client.query(text);
    this.#client = client;
    return client;
  }
}
