import { readdirSync, readFileSync } from 'node:fs';
import { i16, i32, message, startup, value } from '../../wire/raw-client.js';
import type { Random } from '../random.js';

/** What a session of the fuzzer sends, message by message; what comes of it does not matter. */
export type Messages = readonly Uint8Array[];

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
/** Where the corpus is not at hand. */
const OWN_STATEMENTS = [
  'SELECT 1',
  'SELECT $1::int + 1',
  'SELECT * FROM pg_class',
  'BEGIN',
  'COMMIT',
  'SELECT g, repeat(g::text, 100) FROM generate_series(1, 500) AS g',
  'COPY (SELECT 1) TO STDOUT',
];
const MAX_STATEMENT_BYTES = 4000;
/** What would only make the run wait, or touch what the run is measured by. */
const UNWANTED = /pg_sleep|guard|pg_terminate|pg_cancel|\bcopy\b.*\bfrom\b\s*'|create\s+(database|extension)/i;

export function statements(): readonly string[] {
  let found: string[] = [];
  try {
    found = readdirSync(CORPUS)
      .filter((name) => name.endsWith('.sql'))
      .flatMap((name) => readFileSync(new URL(name, CORPUS), 'utf8').split('\n----\n'));
  } catch {
    // Then our own have to do.
  }
  return [...OWN_STATEMENTS, ...found.filter((text) => text.length < MAX_STATEMENT_BYTES && !UNWANTED.test(text))];
}

const FUZZER = startup({ user: 'fuzz', database: 'postgres' });

/** A session as a driver would have it, over statements of the corpus. */
export function session(random: Random, texts: readonly string[]): Messages {
  const messages: Uint8Array[] = [FUZZER];
  for (let count = random.between(1, 30); count > 0; count--) messages.push(...exchange(random, random.pick(texts)));
  messages.push(message('X'));
  return messages;
}

function exchange(random: Random, text: string): Messages {
  const name = random.chance(0.3) ? `s${random.between(1, 4)}` : '';
  const portal = random.chance(0.2) ? `p${random.between(1, 4)}` : '';
  const params = Array.from({ length: Number(text.match(/\$\d/g)?.length ?? 0) }, () =>
    random.pick<string | null>(['1', 'x', '', null, '{1,2}', '2024-01-01']),
  );
  const bind = message('B', portal, name, i16(0), i16(params.length), ...params.map(value), i16(1, random.between(0, 1)));
  switch (random.between(0, 7)) {
    case 0:
    case 1:
    case 2:
      return [message('Q', text)];
    case 3:
      return [message('F', i32(random.between(1, 4000)), i16(0), i16(1), value('1'), i16(0)), message('S')];
    case 4:
      return [
        message('Q', 'CREATE TEMP TABLE IF NOT EXISTS c (a text); COPY c FROM STDIN'),
        message('d', Buffer.from('x\ny\n')),
        message(random.pick(['c', 'f']), 'z'),
      ];
    case 5:
      return [message('P', name, text, i16(0)), message('D', Buffer.from('S'), name), message('H')];
    default:
      return [
        message('P', name, text, i16(0)),
        bind,
        message('D', Buffer.from('P'), portal),
        message('E', portal, i32(random.between(0, 3))),
        message('C', Buffer.from(random.pick(['S', 'P'])), name),
        message('S'),
      ];
  }
}

/** Flips, cuts, doubles and puts in bytes. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let count = random.between(1, 8); count > 0 && result.length > 0; count--) {
    const at = random.between(0, result.length - 1);
    switch (random.between(0, 4)) {
      case 0:
        result[at] = random.between(0, 255);
        break;
      case 1:
        result[at] = (result[at] ?? 0) ^ (1 << random.between(0, 7));
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(Math.min(result.length, at + random.between(1, 20)))]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), randomBytes(random, random.between(1, 20)), result.subarray(at)]);
        break;
      default:
        result = Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - 40), at), result.subarray(at)]);
    }
  }
  return result;
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)));
}
