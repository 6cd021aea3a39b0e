import { appendFile, open, rename, stat } from 'node:fs/promises';
import type { Clock } from '../../commons/clock.js';
import type { Logger } from '../../commons/logger.js';

/** A line of the audit log: who came, who was refused, who changed what roles may do. Never a secret. */
export interface AuditEntry {
  /** Microseconds since 2000-01-01. */
  readonly at: number;
  readonly event: 'login' | 'login failed' | 'change';
  readonly role: string;
  /** The end user that it acted for, where that is another. */
  readonly userId?: string | undefined;
  readonly database: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: boolean | undefined;
  readonly method?: string | undefined;
  readonly pid?: number | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
}

/** Shown by system.audit_log; the files have more. */
const SHOWN_ENTRIES = 10_000;
/** Then the file is put aside, and the one before it is gone (law 6). */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Lines that wait for the disk. Beyond them, lines are lost, and the server's log says how many. */
const MAX_WAITING = 100_000;
const TAIL_BYTES = 2 * 1024 * 1024;
const OWNER_ONLY = 0o600;
const TOGETHER_MS = 20;

/** The audit log: a file of JSON lines, and its last lines in memory. Lines are written in the background, in order. */
export class AuditLog {
  readonly #file: string | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #entries: AuditEntry[] = [];
  #waiting: string[] = [];
  #lost = 0;
  #writing: Promise<void> | undefined;

  /** @param file undefined: lines are only kept in memory */
  constructor(file: string | undefined, clock: Clock, logger: Logger) {
    this.#file = file;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Reads what is shown of the time before the start. */
  async load(): Promise<void> {
    if (this.#file === undefined) return;
    const size = await stat(this.#file).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) return;
    const handle = await open(this.#file);
    try {
      const start = Math.max(0, size - TAIL_BYTES);
      const bytes = Buffer.alloc(size - start);
      await handle.read(bytes, 0, bytes.length, start);
      const lines = bytes.toString('utf8').split('\n');
      // The first may be cut.
      for (const line of start > 0 ? lines.slice(1) : lines) this.#remember(parse(line));
    } finally {
      await handle.close();
    }
  }

  add(entry: Omit<AuditEntry, 'at'>): void {
    const whole = { at: this.#clock.nowMicros(), ...entry };
    this.#remember(whole);
    if (this.#file === undefined) return;
    if (this.#waiting.length >= MAX_WAITING) this.#lost++;
    else this.#waiting.push(`${JSON.stringify(whole)}\n`);
    this.#writing ??= this.#write(this.#file).finally(() => {
      this.#writing = undefined;
    });
  }

  /** The last ones, the oldest first. */
  entries(): readonly AuditEntry[] {
    return this.#entries.slice(-SHOWN_ENTRIES);
  }

  /** Resolves when all lines are written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  #remember(entry: AuditEntry | undefined): void {
    if (entry === undefined) return;
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * SHOWN_ENTRIES) this.#entries = this.#entries.slice(-SHOWN_ENTRIES);
  }

  async #write(file: string): Promise<void> {
    // What comes in a short while goes together: opening the file costs as much as a log-in.
    await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await appendFile(file, lines.join(''), { mode: OWNER_ONLY });
        if ((await stat(file)).size > MAX_FILE_BYTES) await rename(file, `${file}.1`);
      } catch (error) {
        this.#lost += lines.length;
        this.#logger.error({ err: error, lost: this.#lost }, 'audit lines lost');
      }
    }
  }
}

function parse(line: string): AuditEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? entry : undefined;
  } catch {
    // A line that a crash has cut.
    return undefined;
  }
}

function isEntry(value: unknown): value is AuditEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'at' in value &&
    typeof value.at === 'number' &&
    'event' in value &&
    typeof value.event === 'string' &&
    'role' in value &&
    typeof value.role === 'string' &&
    'database' in value &&
    typeof value.database === 'string'
  );
}
