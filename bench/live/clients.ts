import pg from 'pg';
import type { Contender } from '../contender.js';
import { CountedSocket, NotificationCounter } from '../notification-counter.js';

export async function connected(contender: Contender): Promise<pg.Client> {
  const client = new pg.Client({ ...contender.connection, database: 'postgres', stream: () => new CountedSocket() });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function listeners(contender: Contender, count: number, sql = 'LISTEN messages'): Promise<NotificationCounter[]> {
  const counters: NotificationCounter[] = [];
  for (let i = 0; i < count; i++) {
    const client = await connected(contender);
    await client.query(sql);
    counters.push(new NotificationCounter(client));
  }
  return counters;
}

export function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** As the name of a channel. */
export function quoted(query: string): string {
  return `"${query.replaceAll('"', '""')}"`;
}

let lastId = 0;

/** So many numbers that no row of either server has. @returns the first */
export function newIds(count = 1): number {
  const first = lastId + 1;
  lastId += count;
  return first;
}

export const INSERT = 'INSERT INTO messages (id, room, body) VALUES ($1, $2, $3)';
