import type { LiveRows } from 'kalamdb/live';
import type { Database } from './database.ts';

export interface Room {
  readonly id: number;
  readonly name: string;
  readonly unread: number;
}
export interface Message {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly sent: string;
}

/** The rooms of whoever is signed in, with what is unread in each. */
export function rooms(database: Database): LiveRows<Room> {
  return database.live(`
    SELECT r.id, r.name, count(m.id)::int AS unread
    FROM chat.rooms r LEFT JOIN chat.messages m ON m.room = r.id AND m.id > r.seen
    GROUP BY r.id, r.name ORDER BY r.name`);
}

/** The last messages of a room, oldest first. */
export function messages(database: Database, room: number): LiveRows<Message> {
  return database.live(
    `SELECT id, author, body, sent FROM (
       SELECT id, author, body, sent FROM chat.messages WHERE room = $1 ORDER BY id DESC LIMIT 50
     ) last ORDER BY id`,
    [room],
  );
}

export async function join(database: Database, name: string): Promise<number> {
  const [joined] = await database.query<{ id: number }>('SELECT chat.join_room($1) AS id', [name]);
  return joined?.id ?? 0;
}

export async function say(database: Database, room: number, body: string): Promise<void> {
  await database.query('SELECT chat.say($1, $2)', [room, body]);
}

/** What has been seen of a room is no longer unread. */
export async function markSeen(database: Database, room: number, message: number): Promise<void> {
  await database.query('UPDATE chat.rooms SET seen = $2 WHERE id = $1 AND seen < $2', [room, message]);
}
