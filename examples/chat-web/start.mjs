// npm start: a database in ./data, the tables of the chat in it, the delivery, and the page in a browser.
//   npm start -- --no-open
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createServer } from 'vite';
import { deliver } from './deliver.mjs';

const PAGE = 5173;
const DATABASE = { host: '127.0.0.1', port: 54320, database: 'postgres' };
const WEBSOCKET = 54321;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(here('../../node_modules'))) throw new Error('run npm install in the repository first');

const server = spawn(
  process.execPath,
  [
    ...[here('../../scripts/start.mjs'), 'serve', '--data', here('data'), '--port', String(DATABASE.port)],
    ...['--websocket-port', String(WEBSOCKET), '--websocket-origin', `http://localhost:${PAGE}`],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, KALAMDB_PASSWORD: 'admin' } },
);
process.on('exit', () => server.kill());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
server.on('exit', (code) => {
  console.error('the database has ended');
  process.exit(code ?? 1);
});
await new Promise((resolve) => {
  server.stdout.on('data', (text) => {
    process.stdout.write(text);
    if (String(text).includes('listens on')) resolve();
  });
});

const admin = new pg.Client({ ...DATABASE, user: 'postgres', password: 'admin' });
await admin.connect();
const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = 'chat_guest'");
if (rowCount === 0) {
  for (const file of ['../chat/schema.sql', 'users.sql']) await admin.query(readFileSync(here(file), 'utf8'));
}
await admin.end();
await deliver({ ...DATABASE, user: 'chat_app', password: 'chat' });

process.env.VITE_DATABASE = `localhost:${WEBSOCKET}`;
const vite = await createServer({ root: here('.'), server: { port: PAGE, strictPort: true, open: !process.argv.includes('--no-open') } });
await vite.listen();
vite.printUrls();
