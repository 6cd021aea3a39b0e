import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { workFolder } from './started.js';

const EXAMPLE = new URL('../../examples/chat-web/', import.meta.url);
const CHROMIUM = process.env.KALAMDB_TEST_CHROMIUM ?? '/usr/bin/chromium';
const VITE = new URL('node_modules/.bin/vite', EXAMPLE);
const PATIENT = { timeout: 20_000 };

const lacks = [
  ...(existsSync(CHROMIUM) ? [] : ['chromium (node scripts/debian-clients.mjs installs it, as root)']),
  ...(existsSync(VITE) ? [] : ['the packages of examples/chat-web (npm install there)']),
];
if (lacks.length > 0) console.warn(`Skipped: the chat in a browser, as there is no ${lacks.join(', nor ')}`);

/** examples/chat-web as people use it: several browsers, one database, nothing between them. */
describe.skipIf(lacks.length > 0)('the chat in a browser', () => {
  const folder = workFolder('chat-web');
  let pages: Server;
  let server: ServerProcess;
  let browser: Browser;
  let stopDelivery: () => Promise<void>;
  let url: string;

  beforeAll(async () => {
    const built = `${folder}/page`;
    const args = ['build', '--outDir', built, '--emptyOutDir', '--logLevel', 'error'];
    await promisify(execFile)(fileURLToPath(VITE), args, { cwd: fileURLToPath(EXAMPLE) });
    pages = await servePages(built);
    const websocketPort = await freePort();
    const origin = `http://localhost:${(pages.address() as AddressInfo).port}`;
    server = await new ServerProcess({
      label: 'chat-web',
      args: ['--websocket-port', String(websocketPort), '--websocket-origin', origin],
    }).start();
    const admin = new pg.Client(server.connection);
    await admin.connect();
    for (const file of ['../chat/schema.sql', 'users.sql']) await admin.query(readFileSync(new URL(file, EXAMPLE), 'utf8'));
    await admin.end();
    await startDelivery();
    url = `${origin}/?database=localhost:${websocketPort}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await stopDelivery?.();
    await server?.close();
    pages?.close();
  });

  const startDelivery = async (): Promise<void> => {
    const { deliver } = (await import(new URL('deliver.mjs', EXAMPLE).href)) as {
      deliver(connection: pg.ClientConfig): Promise<() => Promise<void>>;
    };
    stopDelivery = await deliver({ ...server.connection, user: 'chat_app', password: 'chat' });
  };
  const enter = async (name: string, button: string, password = 'secret'): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 900, height: 600 } })).newPage();
    await page.goto(url);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: button }).click();
    return page;
  };
  const join = async (page: Page, room: string): Promise<void> => {
    await page.getByPlaceholder('Join a room …').fill(room);
    await page.keyboard.press('Enter');
    await page.getByPlaceholder(`Say something in # ${room}`).waitFor();
  };
  const say = async (page: Page, words: string): Promise<void> => {
    await page.getByPlaceholder(/^Say something/).fill(words);
    await page.keyboard.press('Enter');
  };
  const messages = (page: Page) => page.locator('ol li p').allTextContents();
  const unread = (page: Page, room: string) => page.locator('.room', { hasText: room }).locator('.unread').allTextContents();

  it('has rooms, unread counts and messages as they come, each their own, and comes back after a restart', async () => {
    const alice = await enter('alice', 'I am new here');
    const bob = await enter('bob', 'I am new here');
    await join(alice, 'tea');
    await join(bob, 'tea');
    await join(bob, 'work');
    await say(alice, 'hello');
    await say(alice, 'anybody?');
    await expect.poll(() => messages(alice), PATIENT).toEqual(['hello', 'anybody?']);
    await expect.poll(() => unread(bob, 'tea'), PATIENT).toEqual(['2']);
    expect(await messages(bob)).toEqual([]);
    await bob.locator('.room', { hasText: 'tea' }).click();
    await expect.poll(() => messages(bob), PATIENT).toEqual(['hello', 'anybody?']);
    await expect.poll(() => unread(bob, 'tea'), PATIENT).toEqual([]);
    await say(bob, 'me');
    await expect.poll(() => messages(alice), PATIENT).toEqual(['hello', 'anybody?', 'me']);
    await bob.screenshot({ path: process.env.KALAMDB_TEST_SCREENSHOT ?? `${folder}/bob.png` });

    const carol = await enter('carol', 'I am new here');
    await carol.getByText('Join a room, or make one:').waitFor();
    expect(await carol.locator('.room').count()).toBe(0);

    await stopDelivery();
    await server.kill();
    await server.start();
    await startDelivery();
    await say(alice, 'still there?');
    await expect.poll(() => messages(bob), { timeout: 60_000 }).toEqual(['hello', 'anybody?', 'me', 'still there?']);

    const other = await enter('alice', 'Sign in', 'wrong');
    await other.getByText('password authentication failed for user "alice"').waitFor();
    const again = await enter('alice', 'Sign in');
    await again.locator('.room', { hasText: 'tea' }).waitFor();
  });
});

function servePages(root: string): Promise<Server> {
  const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = `${root}${pathname === '/' ? '/index.html' : pathname}`;
    if (existsSync(file)) response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => resolve(port));
    });
  });
}
