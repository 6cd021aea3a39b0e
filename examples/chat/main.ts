/**
 * A chat in the terminal, on two live queries.
 *
 *   psql … -f examples/chat/schema.sql
 *   npx tsx examples/chat/main.ts alice       and in another terminal: … bob
 *
 * /join ROOM, /read, /quit; anything else is said in the room.
 */
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { LiveRows } from '../../src/client/live.js';
import { Chat, type Message, type Room } from './chat.js';

const [user = 'guest'] = process.argv.slice(2);
const pool = new pg.Pool({
  host: '127.0.0.1',
  port: Number(process.env.PGPORT ?? 5432),
  user: 'chat_app',
  password: 'chat',
  database: 'postgres',
});
const chat = new Chat(pool, user);

let rooms: readonly Room[] = [];
let messages: readonly Message[] = [];
let room: number | undefined;
let shown: LiveRows<Message> | undefined;

function draw(): void {
  console.clear();
  for (const { id, name, unread } of rooms) console.log(`${id === room ? '>' : ' '} ${name}${unread > 0 ? ` (${unread} unread)` : ''}`);
  console.log('─'.repeat(40));
  for (const { author, body } of messages) console.log(`${author}: ${body}`);
}

const stop = chat.rooms().subscribe(
  (now) => {
    rooms = now;
    draw();
  },
  (error) => console.error(error.message),
);

for await (const line of createInterface({ input: process.stdin })) {
  const [, name] = /^\/join (.+)$/.exec(line) ?? [];
  if (name !== undefined) {
    room = await chat.join(name);
    await shown?.close();
    shown = chat.messages(room);
    shown.subscribe((now) => {
      messages = now;
      draw();
    });
  } else if (line === '/quit') break;
  else if (room !== undefined && line === '/read') await chat.read(room);
  else if (room !== undefined && line !== '') await chat.say(room, line);
}
await shown?.close();
stop();
await pool.end();
