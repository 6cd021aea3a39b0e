import { once as onceEvent } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { i32, message, packet, startup } from '../../wire/raw-client.js';
import type { Random } from '../random.js';
import { type Messages, mutated, randomBytes, session } from './material.js';

export interface AttackContext {
  readonly port: number;
  readonly random: Random;
  readonly texts: readonly string[];
}

/** What one client does to the server. @returns how many messages it sent */
type Attack = (cx: AttackContext) => Promise<number>;

const PATIENCE_MS = 1500;
const FUZZER = startup({ user: 'fuzz', database: 'postgres' });
const SSL_REQUEST = packet(i32(80_877_103));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  return socket;
}

/** Sends, reads whatever comes, and goes when the server ends it, says nothing for a while, or patience is over. */
async function talk(port: number, bytes: Uint8Array, patienceMs = PATIENCE_MS): Promise<void> {
  const socket = open(port);
  const end = performance.now() + patienceMs;
  let last = performance.now();
  let isClosed = false;
  socket.on('data', () => {
    last = performance.now();
  });
  socket.on('close', () => {
    isClosed = true;
  });
  socket.write(bytes);
  while (!isClosed && performance.now() < end && performance.now() - last < 100) await wait(5);
  socket.destroy();
}

/** Whether it came, or an error did, is all the same. */
const once = (socket: Socket, event: string): Promise<unknown> => onceEvent(socket, event).catch(() => undefined);

const whole = (messages: Messages): Buffer => Buffer.concat([...messages]);

const ATTACKS: Readonly<Record<string, Attack>> = {
  async 'a session as it should be'({ port, random, texts }) {
    const messages = session(random, texts);
    await talk(port, whole(messages));
    return messages.length;
  },
  async 'random bytes'({ port, random }) {
    await talk(port, randomBytes(random, random.between(1, 2000)), 300);
    return 1;
  },
  async 'a strange start'({ port, random }) {
    const code = random.pick([80_877_102, 80_877_103, 80_877_104, 196_608, 196_610, 0, -1, 131_072]);
    const body = random.pick([Buffer.alloc(0), randomBytes(random, random.between(0, 60)), Buffer.from('user\0fuzz\0\0')]);
    const rest = random.chance(0.5) ? FUZZER : Buffer.alloc(0);
    await talk(port, Buffer.concat([mutated(random, packet(i32(code), body)), rest]), 300);
    return 2;
  },
  async 'a session with other bytes'({ port, random, texts }) {
    const [start = FUZZER, ...messages] = session(random, texts);
    await talk(port, Buffer.concat([start, mutated(random, whole(messages))]));
    return messages.length + 1;
  },
  async 'messages with other bytes in frames that are right'({ port, random, texts }) {
    const [start = FUZZER, ...messages] = session(random, texts);
    const bent = messages.map((bytes) => {
      const type = String.fromCharCode(bytes[0] ?? 0);
      return random.chance(0.3) ? message(type, mutated(random, Buffer.from(bytes.subarray(5)))) : bytes;
    });
    await talk(port, whole([start, ...bent]));
    return messages.length + 1;
  },
  async 'messages in another order'({ port, random, texts }) {
    const [start = FUZZER, ...messages] = session(random, texts);
    await talk(port, whole([start, ...random.shuffled(messages)]));
    return messages.length + 1;
  },
  async 'a session that stops in the middle'({ port, random, texts }) {
    const bytes = whole(session(random, texts));
    await talk(port, bytes.subarray(0, random.between(1, bytes.length)), 200);
    return 5;
  },
  async 'a length without end'({ port, random }) {
    const length = random.pick([0x7fffffff, -1, 0, 3, 0x10000000, 200_000_000]);
    const type = random.pick(['Q', 'P', 'B', 'd', 'S', 'X', '\0']);
    await talk(port, Buffer.concat([FUZZER, Buffer.from(type), i32(length), Buffer.alloc(random.between(0, 5000), 1)]), 300);
    return 2;
  },
  async 'a large message'({ port, random }) {
    const text = `SELECT length('${'x'.repeat(random.between(100_000, 3_000_000))}')`;
    await talk(port, Buffer.concat([FUZZER, message('Q', text), message('X')]));
    return 3;
  },
  async 'bytes one by one'({ port, random, texts }) {
    const bytes = whole(session(random, texts)).subarray(0, 400);
    const socket = open(port);
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      if (random.chance(0.2)) await wait(1);
    }
    socket.destroy();
    return 5;
  },
  async 'asking and not reading'({ port, random }) {
    const socket = open(port);
    socket.pause();
    const ask = message('Q', "SELECT repeat('x', 1000) FROM generate_series(1, 2000)");
    socket.write(Buffer.concat([FUZZER, ...Array.from({ length: random.between(1, 20) }, () => ask)]));
    await wait(random.between(50, 400));
    socket.destroy();
    return 20;
  },
  async 'TLS, and within it what should not be'({ port, random, texts }) {
    const raw = open(port);
    const isDirect = random.chance(0.3);
    if (!isDirect) {
      raw.write(SSL_REQUEST);
      await Promise.race([once(raw, 'data'), wait(PATIENCE_MS)]);
    }
    if (random.chance(0.2)) {
      raw.write(randomBytes(random, random.between(1, 500)));
      await wait(20);
      raw.destroy();
      return 2;
    }
    const socket = connectTls({ socket: raw, rejectUnauthorized: false, ...(random.chance(0.8) ? { ALPNProtocols: ['postgresql'] } : {}) });
    socket.on('error', () => undefined);
    const [start = FUZZER, ...messages] = session(random, texts);
    socket.write(Buffer.concat([start, random.chance(0.5) ? mutated(random, whole(messages)) : whole(messages)]));
    socket.resume();
    await Promise.race([once(socket, 'close'), wait(random.between(50, 500))]);
    if (random.chance(0.3)) raw.destroy();
    socket.destroy();
    return messages.length + 2;
  },
  async 'half an end'({ port, random, texts }) {
    const socket = open(port);
    socket.resume();
    socket.end(whole(session(random, texts)).subarray(0, random.between(1, 300)));
    await wait(random.between(10, 200));
    socket.destroy();
    return 3;
  },
  async 'many connections at once'({ port, random }) {
    const sockets = Array.from({ length: 40 }, () => open(port));
    for (const socket of sockets) if (random.chance(0.5)) socket.write(FUZZER);
    await wait(random.between(0, 50));
    for (const socket of sockets) socket.destroy();
    return 40;
  },
  async 'a pipeline of small messages'({ port, random }) {
    const once = whole([
      message('P', '', 'SELECT 1', Buffer.alloc(2)),
      message('B', '', '', Buffer.alloc(6)),
      message('E', '', i32(0)),
      message('S'),
    ]);
    const rounds = random.between(200, 4000);
    await talk(port, Buffer.concat([FUZZER, ...Array.from({ length: rounds }, () => once), message('X')]), 5000);
    return rounds * 4 + 2;
  },
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

export function attack(name: string, cx: AttackContext): Promise<number> {
  const found = ATTACKS[name];
  if (found === undefined) throw new Error(`there is no attack "${name}"`);
  return found(cx);
}
