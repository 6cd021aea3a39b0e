// Gives each member of a room a copy of what was said there, in one transaction: all of them have it, or none. Takes what is in the outbox when it
// starts, and then whatever it is told of. Any number of these may run.
import pg from 'pg';

const TAKE = `
  DELETE FROM chat.outbox WHERE id IN (SELECT id FROM chat.outbox ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
  RETURNING id, room, author, body`;

/** @param connection of node-postgres, as chat_app @returns ends it */
export async function deliver(connection) {
  const client = new pg.Client(connection);
  client.on('error', (error) => console.error(`delivery: ${error.message}`));
  await client.connect();
  let work = Promise.resolve();
  const wake = () => {
    work = work.then(() => deliverAll(client)).catch((error) => console.error(`delivery: ${error.message}`));
  };
  client.on('notification', wake);
  await client.query('LISTEN chat_outbox');
  wake();
  return async () => {
    await work;
    await client.end();
  };
}

async function deliverAll(client) {
  for (let count = 1; count > 0; ) {
    await client.query('BEGIN');
    try {
      const { rows } = await client.query(TAKE);
      for (const said of rows.sort((a, b) => a.id - b.id)) await deliverOne(client, said);
      await client.query('COMMIT');
      count = rows.length;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  }
}

async function deliverOne(client, { room, author, body }) {
  const { rows } = await client.query('UPDATE chat.room SET last = last + 1 WHERE id = $1 RETURNING last', [room]);
  const members = await client.query('SELECT name FROM chat.member WHERE room = $1', [room]);
  for (const { name } of members.rows) {
    await client.query("SELECT set_config('kalamdb.user_id', $1, true)", [name]);
    await client.query('INSERT INTO chat.messages (id, room, author, body) VALUES ($1, $2, $3, $4)', [rows[0].last, room, author, body]);
  }
}
