import { readdirSync, readFileSync } from 'node:fs';

/**
 * A scenario is one file: sessions named c1 … c9, one step a line, and under each step what it gave. Only the steps are input; the runner
 * writes the rest, so that a file shows a whole run:
 *
 *     # What it is about.
 *     setup: CREATE TABLE t (id int PRIMARY KEY, n int)
 *     c1: BEGIN
 *        BEGIN
 *     c2: UPDATE t SET n = 1
 *        … waiting
 *     c1: COMMIT
 *        COMMIT
 *     c2: … done
 *        UPDATE 1
 *
 * Other steps: `wait` (until nobody waits any more: deadlocks and timeouts), `sleep: 300` (milliseconds).
 * `todo: why` says that this server does not do it yet: the test notices when it does.
 * `either: c1 c2 40001` says that exactly one of the sessions fails, with that SQLSTATE, and which one is nobody's business.
 */
export type Step =
  | { readonly kind: 'setup'; readonly sql: string }
  | { readonly kind: 'statement'; readonly session: string; readonly sql: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'sleep'; readonly ms: number };

/** A line of the file: a step, or text that is kept as it is. */
export interface ScriptLine {
  readonly text: string;
  readonly step: Step | undefined;
}

export interface Scenario {
  /** The file's name without its ending. */
  readonly name: string;
  readonly lines: readonly ScriptLine[];
  readonly either: { readonly sessions: readonly string[]; readonly code: string } | undefined;
  readonly todo: string | undefined;
  /** The whole file, results included. */
  readonly golden: string;
}

const FOLDER = new URL('./scenarios/', import.meta.url);

export const scenarioFile = (name: string): URL => new URL(`${name}.txt`, FOLDER);

/** @param only part of a name: those scenarios alone */
export function readScenarios(only = ''): Scenario[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt') && file.includes(only))
    .sort()
    .map((file) => parseScenario(file.replace(/\.txt$/, ''), readFileSync(new URL(file, FOLDER), 'utf8')));
}

export function parseScenario(name: string, golden: string): Scenario {
  const lines: ScriptLine[] = [];
  let either: Scenario['either'];
  let todo: string | undefined;
  for (const text of golden.split('\n')) {
    if (isResult(text)) continue;
    const choice = /^either: ((?:c\d )+)([0-9A-Z]{5})$/.exec(text);
    if (choice !== null) either = { sessions: (choice[1] ?? '').trim().split(' '), code: choice[2] ?? '' };
    const [, reason] = /^todo: (.*)$/.exec(text) ?? [];
    todo ??= reason;
    lines.push({ text, step: choice === null && reason === undefined ? parseStep(text, name) : undefined });
  }
  while (lines.at(-1)?.text === '') lines.pop();
  return { name, lines, either, todo, golden };
}

const isResult = (text: string): boolean => text.startsWith('   ') || /^c\d: … done$/.test(text);

function parseStep(text: string, name: string): Step | undefined {
  if (text === '' || text.startsWith('#')) return undefined;
  if (text === 'wait') return { kind: 'wait' };
  const match = /^(setup|sleep|c\d): (.*)$/.exec(text);
  const [, head, rest] = match ?? [];
  if (head === undefined || rest === undefined) throw new Error(`${name}: not a step: ${text}`);
  if (head === 'setup') return { kind: 'setup', sql: rest };
  if (head === 'sleep') return { kind: 'sleep', ms: Number(rest) };
  return { kind: 'statement', session: head, sql: rest };
}
