import { connected } from '../live/clients.js';
import { commitToNotification } from '../live/commit-to-notification.js';
import { fanOut } from '../live/fan-out.js';
import { FORMS } from '../live/forms.js';
import { heldMemory } from '../live/held-memory.js';
import { manyQueries } from '../live/many-queries.js';
import { reconnect } from '../live/reconnect.js';
import { streamed } from '../live/streamed.js';
import { UPKEEP, upkeep } from '../live/upkeep.js';
import type { Subject } from '../subject.js';

/**
 * Live queries, and beside them what comes nearest in PostgreSQL: a trigger that sends each row with pg_notify. Listeners are sockets that only
 * count (notification-counter.ts).
 */
export const live: Subject = {
  name: 'live',
  async prepare({ ours, theirs }) {
    const admin = await connected(ours);
    await admin.query(`
      DROP TABLE IF EXISTS messages, rooms;
      CREATE TABLE messages (id int PRIMARY KEY, room int, body text, at timestamptz DEFAULT now()) WITH (type = 'user');
      CREATE TABLE rooms (id int PRIMARY KEY, name text, seen int) WITH (type = 'user');
    `);
    await admin.end();
    if (theirs === undefined) return;
    const other = await connected(theirs);
    await other.query(`
      DROP TABLE IF EXISTS messages;
      CREATE TABLE messages (id int PRIMARY KEY, room int, body text, at timestamptz DEFAULT now());
      CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('messages', row_to_json(NEW)::text); RETURN NULL; END $$;
      CREATE TRIGGER tell AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION tell();
    `);
    await other.end();
  },
  lines: (options) => [
    commitToNotification(options),
    ...fanOut(90, options),
    ...fanOut(1000, options),
    ...FORMS.map((form) => heldMemory(form)),
    ...UPKEEP.map((form) => upkeep(form)),
    streamed(options),
    reconnect(),
    ...(options.large ? manyQueries(options) : []),
  ],
};
