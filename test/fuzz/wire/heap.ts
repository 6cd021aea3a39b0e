import { WebSocket } from 'ws';

/** Memory of a server that is alive: what is left when all garbage is gone. */
export interface LiveMemory {
  /** Objects and buffers. Not the addresses that the data file is mapped to, which V8 counts as external memory too. */
  readonly liveBytes: number;
  readonly residentBytes: number;
}

interface Profile {
  readonly nodes?: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

const SAMPLE_MICROS = 10_000;
const STACK_FRAMES = 30;
/** Rounds of collecting: what the first one finalizes, the next one frees. */
const ROUNDS = 4;
const BETWEEN_MS = 200;

/**
 * Asks a server that was started with `--inspect` through its inspector. Memory in RAM says little: V8 and malloc keep what they once had, and give
 * it back when they like.
 */
export class HeapProbe {
  readonly #socket: WebSocket;
  #lastId = 0;
  readonly #waiting = new Map<number, (result: unknown) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const resolve of this.#waiting.values()) resolve({});
    });
    socket.on('message', (data) => {
      const { id, result }: { id?: number; result?: unknown } = JSON.parse(String(data));
      if (id === undefined) return;
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  /** @param output of the server, where Node says where its inspector is */
  static async attach(output: string): Promise<HeapProbe> {
    const address = /Debugger listening on (ws:\S+)/.exec(output)?.[1];
    if (address === undefined) throw new Error('the server has no inspector: start it with NODE_OPTIONS=--inspect=127.0.0.1:0');
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new HeapProbe(socket);
  }

  async measure(): Promise<LiveMemory> {
    for (let i = 0; i < ROUNDS; i++) {
      await this.#ask('HeapProfiler.collectGarbage');
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
    const answer = await this.#ask('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())', returnByValue: true });
    const text = (answer as { result?: { value?: string } }).result?.value ?? '{}';
    const { heapUsed = 0, arrayBuffers = 0, rss = 0 }: { heapUsed?: number; arrayBuffers?: number; rss?: number } = JSON.parse(text);
    return { liveBytes: heapUsed + arrayBuffers, residentBytes: rss };
  }

  /** From now on it is noted what the server does, until `profiled`. */
  async profile(): Promise<void> {
    await this.#ask('Profiler.enable');
    await this.#ask('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
    await this.#ask('Profiler.start');
  }

  /** Where most of the last `ms` were spent: functions from the innermost outwards. */
  async profiled(ms: number): Promise<string> {
    const answer = (await this.#ask('Profiler.stop')) as { readonly profile?: Profile };
    const { nodes = [], samples = [], timeDeltas = [] } = answer.profile ?? {};
    const spent = new Map<number, number>();
    let left = ms * 1000;
    for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
      const micros = timeDeltas[i] ?? 0;
      spent.set(samples[i] ?? 0, (spent.get(samples[i] ?? 0) ?? 0) + micros);
      left -= micros;
    }
    const [most] = [...spent].sort(([, one], [, other]) => other - one);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
    const frames: string[] = [];
    for (let id = most?.[0]; id !== undefined && frames.length < STACK_FRAMES; id = parents.get(id)) {
      const { functionName = '', url = '', lineNumber = 0 } = byId.get(id)?.callFrame ?? {};
      frames.push(`${functionName} (${url.replace(/.*\/dist\//, '')}:${lineNumber + 1})`);
    }
    await this.#ask('Profiler.start');
    return `${Math.round((most?.[1] ?? 0) / 1000)} ms in ${frames.join(' < ')}`;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    // A server that has ended has no memory.
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.resolve({});
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
