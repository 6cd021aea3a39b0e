import { connect, type Socket } from 'node:net';

/** A message from the server: its type's letter and its body. */
export interface RawMessage {
  readonly type: string;
  readonly body: Buffer;
}

const PROTOCOL_3_0 = 196_608;

export interface RawOptions {
  readonly user?: string;
  readonly database?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly protocol?: number;
}

/** The protocol byte by byte, for what well-behaved drivers never send. The server must trust its clients. */
export class RawClient {
  readonly socket: Socket;
  readonly messages: RawMessage[] = [];
  #pending = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  closed = false;
  /** How many chunks the messages came in: the server's writes, as far as the kernel keeps them apart. */
  chunks = 0;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.#received(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(port: number, options: RawOptions = {}): Promise<RawClient> {
    const client = new RawClient(port);
    client.send(startup(options));
    await client.until('Z');
    client.messages.length = 0;
    return client;
  }

  send(...messages: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(messages));
  }

  /** Waits for so many messages of a type, or the end of the connection; gives all that came and forgets them. */
  async until(type: string, count = 1): Promise<readonly RawMessage[]> {
    const found = () => this.messages.filter((message) => message.type === type).length;
    while (found() < count && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.messages.splice(0);
  }

  async end(): Promise<void> {
    if (this.closed) return;
    this.send(message('X'));
    this.socket.end();
    while (!this.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #received(chunk: Buffer): void {
    this.chunks++;
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= 5) {
      const length = this.#pending.readInt32BE(1) + 1;
      if (this.#pending.length < length) break;
      this.messages.push({ type: String.fromCharCode(this.#pending[0] ?? 0), body: Buffer.from(this.#pending.subarray(5, length)) });
      this.#pending = this.#pending.subarray(length);
    }
    this.#wake();
  }
}

export function startup({ user = 'postgres', database = 'postgres', parameters = {}, protocol = PROTOCOL_3_0 }: RawOptions = {}): Buffer {
  const pairs = Object.entries({ user, database, ...parameters }).flatMap(([name, value]) => [`${name}\0`, `${value}\0`]);
  return packet(i32(protocol), Buffer.from(`${pairs.join('')}\0`));
}

/** Without a type byte. */
export function packet(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([i32(body.length + 4), body]);
}

/** Strings are sent with their zero byte. */
export function message(type: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat([Buffer.from(type), packet(...parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))]);
}

export function i16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    bytes.writeInt16BE(value, i * 2);
  });
  return bytes;
}

export function i32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeInt32BE(value, i * 4);
  });
  return bytes;
}

/** A parameter's value in Bind. */
export function value(text: string | Uint8Array | null): Buffer {
  if (text === null) return i32(-1);
  const bytes = Buffer.from(text);
  return Buffer.concat([i32(bytes.length), bytes]);
}

/** Fields of an ErrorResponse or NoticeResponse by their letter. */
export function fieldsOf({ body }: RawMessage): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const part of body.toString('utf8').split('\0')) if (part !== '') fields[part.charAt(0)] = part.slice(1);
  return fields;
}
