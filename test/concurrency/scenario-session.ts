import pg from 'pg';

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What a statement came to, as the golden files show it. */
export interface Outcome {
  readonly lines: readonly string[];
  /** SQLSTATE of the error it ended with. */
  readonly code: string | undefined;
}

interface Answer {
  readonly command: string | null;
  readonly rowCount: number | null;
  readonly rows: readonly (readonly (string | null)[])[];
  readonly fields: readonly unknown[];
}

/** Errors that only come after a wait, however short it was. */
const AFTER_WAIT = new Set(['40P01', '57014']);
const LOCK_TIMEOUT = 'canceling statement due to lock timeout';

/** Its detail depends on how conflicts are found, which is an implementation's own affair. */
const WITHOUT_DETAIL = new Set(['40001']);

/** One named session of a scenario. Values as text, as the server sent them. */
export class ScenarioSession {
  readonly name: string;
  readonly #client: pg.Client;
  pid = 0;
  /** What is under way. */
  running: Promise<void> | undefined;
  /** Set when the statement has ended and its outcome has not been fetched. */
  outcome: Outcome | undefined;
  /** It ended with an error that a wait led to. */
  endedByWaiting = false;
  #events: string[] = [];
  #fatal: string | undefined;

  constructor(name: string, connection: Connection, schema: string) {
    this.name = name;
    this.#client = new pg.Client({
      ...connection,
      options: `-c search_path=${schema}`,
      types: { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig,
    });
    this.#client.on('notice', ({ severity, code, message }) => {
      if (severity === 'WARNING') this.#events.push(`${severity} ${code}: ${message}`);
    });
    this.#client.on('notification', ({ channel, payload }) => this.#events.push(`* ${channel}: ${payload}`));
    this.#client.on('error', (error) => {
      if ('code' in error && typeof error.code === 'string') this.#fatal ??= `FATAL ${error.code}: ${error.message}`;
    });
  }

  async connect(): Promise<this> {
    await this.#client.connect();
    const { rows } = await this.#client.query('SELECT pg_backend_pid() AS pid');
    this.pid = Number(rows[0]?.pid);
    return this;
  }

  /** @param names what to call processes in a deadlock's detail */
  start(sql: string, names: ReadonlyMap<number, string>): void {
    this.outcome = undefined;
    this.endedByWaiting = false;
    const ended = (lines: readonly string[], code: string | undefined): void => {
      this.outcome = { lines: [...lines, ...this.#events.splice(0)], code };
      this.running = undefined;
    };
    this.running = this.#client.query({ text: sql, rowMode: 'array' }).then(
      (result) => {
        const answers = (Array.isArray(result) ? result : [result]) as unknown as readonly Answer[];
        ended(answers.flatMap(answerLines), undefined);
      },
      (error: unknown) => {
        const code = error instanceof pg.DatabaseError ? error.code : undefined;
        this.endedByWaiting = error instanceof pg.DatabaseError && (AFTER_WAIT.has(code ?? '') || error.message === LOCK_TIMEOUT);
        ended(error instanceof pg.DatabaseError ? errorLines(error, names) : [this.#fatal ?? 'connection lost'], code);
      },
    );
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

function answerLines({ command, rowCount, rows, fields }: Answer): string[] {
  const lines = rows.map((row) => row.map((value) => value ?? 'null').join('|'));
  if (command === 'SELECT' || command === 'SHOW' || command === 'FETCH') return rows.length === 0 ? ['(no rows)'] : lines;
  const counted = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'COPY';
  if (fields.length === 0 || counted) lines.push(counted ? `${command} ${rowCount ?? 0}` : (command ?? '(nothing)'));
  return lines;
}

function errorLines(error: pg.DatabaseError, names: ReadonlyMap<number, string>): string[] {
  const lines = [`${error.severity} ${error.code}: ${error.message}`];
  if (error.detail === undefined || WITHOUT_DETAIL.has(error.code ?? '')) return lines;
  for (const line of error.detail.split('\n')) lines.push(`DETAIL: ${maskNumbers(line, names)}`);
  return lines;
}

/** Numbers that differ from run to run: processes get their session's name. */
function maskNumbers(text: string, names: ReadonlyMap<number, string>): string {
  return text
    .replace(/\b([Pp]rocess) (\d+)/g, (_, word: string, pid: string) => `${word} ${names.get(Number(pid)) ?? '#'}`)
    .replace(/\b(transaction|relation|database) \d+/g, '$1 #')
    .replace(/tuple \(\d+,\d+\)/g, 'tuple #')
    .replace(/advisory lock \[\d+,/g, 'advisory lock [#,');
}
