import { connect, type Socket } from 'node:net';
import { message, startup } from '../../wire/raw-client.js';
import type { Stalls } from './stalls.js';

/** So many connections come and go in a minute. */
export const CONNECTIONS_A_MINUTE = 10_000;
const TICK_MS = 50;
const PATIENCE_MS = 5000;
/** More than that under way: the server is behind, and is left to catch up. */
const MAX_OPEN = 200;

const HELLO = Buffer.concat([startup({ user: 'fuzz', database: 'postgres' }), message('Q', 'SELECT 1'), message('X')]);

/** Clients that connect, ask one thing and go; every tenth goes without a word, in the middle, or by a reset. */
export class Churn {
  readonly #port: number;
  readonly #stalls: Stalls;
  #open = 0;
  #begun = 0;
  /** Connections that have come and gone. */
  done = 0;
  /** Those that got no answer. */
  unanswered = 0;

  constructor(port: number, stalls: Stalls) {
    this.#port = port;
    this.#stalls = stalls;
  }

  async run(isOver: () => boolean): Promise<void> {
    const started = this.#stalls.nowMs;
    const first = this.#begun;
    while (!isOver()) {
      const wanted = Math.floor(((this.#stalls.nowMs - started) / 60_000) * CONNECTIONS_A_MINUTE);
      while (this.#begun - first < wanted && this.#open < MAX_OPEN) this.#connect(this.#begun++);
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    const end = performance.now() + PATIENCE_MS;
    while (this.#open > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }

  #connect(number: number): void {
    this.#open++;
    const socket = connect(this.#port, '127.0.0.1');
    let isAnswered = false;
    const { lostMs } = this.#stalls;
    // After a while in which the machine stood still, what has come meanwhile is read first.
    let timer = setTimeout(() => {
      timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
    }, PATIENCE_MS);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#open--;
      this.done++;
      // Time-outs of the server strike too where the machine stood still.
      if (number % 10 !== 0 && !isAnswered && this.#stalls.lostMs === lostMs) this.unanswered++;
    });
    if (number % 10 === 0) {
      leave(socket, number / 10);
      return;
    }
    socket.on('data', (bytes) => {
      // DataRow of SELECT 1.
      isAnswered ||= bytes.includes(ANSWER);
    });
    socket.write(HELLO);
  }
}

const ANSWER = Buffer.from([0x44, 0, 0, 0, 11, 0, 1, 0, 0, 0, 1, 0x31]);

function leave(socket: Socket, way: number): void {
  socket.once('connect', () => {
    switch (way % 3) {
      case 0:
        socket.destroy();
        return;
      case 1:
        socket.end(HELLO.subarray(0, HELLO.length - 8));
        setTimeout(() => socket.destroy(), 100);
        return;
      default:
        socket.write(HELLO, () => socket.resetAndDestroy());
    }
  });
}
