import { Client, neonConfig } from '@neondatabase/serverless';
import { type LiveRows, live, type PgClient } from 'kalamdb/live';

/** Where the database takes WebSockets. */
const DATABASE: string = new URLSearchParams(location.search).get('database') ?? import.meta.env.VITE_DATABASE ?? 'localhost:54321';

neonConfig.wsProxy = () => DATABASE;
neonConfig.useSecureWebSocket = location.protocol === 'https:';
neonConfig.forceDisablePgSSL = true;
// SCRAM answers what the server asks.
neonConfig.pipelineConnect = false;

async function connect(user: string, password: string): Promise<Client> {
  const client = new Client({ host: 'kalamdb', database: 'postgres', user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A database in which somebody is signed in: they see their own rows, whatever the page asks for. */
export class Database {
  readonly user: string;
  readonly #password: string;
  #client: Promise<Client> | undefined;

  private constructor(user: string, password: string) {
    this.user = user;
    this.#password = password;
  }

  /** @throws Error where name and password don't match */
  static async signIn(user: string, password: string): Promise<Database> {
    const database = new Database(user, password);
    await database.query('SELECT 1');
    return database;
  }

  static async signUp(user: string, password: string): Promise<Database> {
    const guest = await connect('chat_guest', 'guest');
    try {
      await guest.query('SELECT chat.sign_up($1, $2)', [user, password]);
    } finally {
      await guest.end();
    }
    return Database.signIn(user, password);
  }

  /** A connection that was lost is made anew by whoever asks next. */
  async query<Row>(text: string, values: unknown[] = []): Promise<readonly Row[]> {
    this.#client ??= this.#open();
    return (await (await this.#client).query(text, values)).rows as Row[];
  }

  async #open(): Promise<Client> {
    const forget = (): void => {
      this.#client = undefined;
    };
    try {
      const client = await connect(this.user, this.#password);
      client.on('end', forget);
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** All live queries share one connection besides, which comes back by itself. */
  live<Row>(text: string, values: unknown[] = []): LiveRows<Row> {
    return live<Row>(this.#connectLive, text, values);
  }

  readonly #connectLive = (): Promise<PgClient> => connect(this.user, this.#password);
}
