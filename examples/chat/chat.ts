import type pg from 'pg';
import { type LiveRows, live } from '../../src/client/live.js';

export interface Room {
  readonly id: number;
  readonly name: string;
  readonly unread: number;
}
export interface Message {
  readonly id: number;
  readonly author: string;
  readonly body: string;
}

/** What a person does in the chat, and what they see of it: over the application's own connections, always as that person. */
export class Chat {
  readonly #pool: pg.Pool;
  readonly #user: string;

  constructor(pool: pg.Pool, user: string) {
    this.#pool = pool;
    this.#user = user;
  }

  async join(name: string): Promise<number> {
    return this.#as(this.#user, async (client) => {
      const { rows } = await client.query(
        'INSERT INTO chat.room (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, last',
        [name],
      );
      const { id, last } = rows[0];
      await client.query('INSERT INTO chat.member VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, this.#user]);
      await client.query('INSERT INTO chat.rooms VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [id, name, last]);
      return id;
    });
  }

  /** To each member's own rows, in one transaction: all of them have it, or none. */
  async say(room: number, body: string): Promise<void> {
    await this.#as(this.#user, async (client) => {
      const { rows } = await client.query('UPDATE chat.room SET last = last + 1 WHERE id = $1 RETURNING last', [room]);
      const members = await client.query('SELECT name FROM chat.member WHERE room = $1', [room]);
      for (const { name } of members.rows) {
        await client.query("SELECT set_config('kalamdb.user_id', $1, true)", [name]);
        await client.query('INSERT INTO chat.messages (id, room, author, body) VALUES ($1, $2, $3, $4)', [
          rows[0].last,
          room,
          this.#user,
          body,
        ]);
      }
    });
  }

  /** Marks all that is there as read. */
  async read(room: number): Promise<void> {
    await this.#as(this.#user, (client) =>
      client.query('UPDATE chat.rooms SET seen = coalesce((SELECT max(id) FROM chat.messages WHERE room = $1), seen) WHERE id = $1', [
        room,
      ]),
    );
  }

  /** The person's rooms with what is unread in each, always current. */
  rooms(): LiveRows<Room> {
    return this.#live(
      `SELECT r.id, r.name, count(m.id)::int AS unread
       FROM chat.rooms r LEFT JOIN chat.messages m ON m.room = r.id AND m.id > r.seen
       GROUP BY r.id, r.name ORDER BY r.name`,
    );
  }

  /** The last messages of a room, always current. */
  messages(room: number, limit = 10): LiveRows<Message> {
    return this.#live(
      `SELECT id, author, body FROM (
         SELECT id, author, body FROM chat.messages WHERE room = $1 ORDER BY id DESC LIMIT $2
       ) last ORDER BY id`,
      [room, limit],
    );
  }

  #live<Row>(sql: string, parameters: readonly unknown[] = []): LiveRows<Row> {
    return live<Row>(() => this.#connect(), sql, parameters);
  }

  async #connect(): Promise<pg.PoolClient> {
    const client = await this.#pool.connect();
    await client.query("SELECT set_config('kalamdb.user_id', $1, false)", [this.#user]);
    // What acts for somebody does not go back for others to use.
    const release = client.release.bind(client);
    client.release = () => release(true);
    return client;
  }

  async #as<T>(user: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await client.query("SELECT set_config('kalamdb.user_id', $1, true)", [user]);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}
