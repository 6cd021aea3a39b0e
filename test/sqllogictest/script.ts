/**
 * The public sqllogictest format (sqlite.org/sqllogictest): records apart by empty lines.
 *
 *   statement ok | error [regular expression]        then SQL
 *   query <types: T I R> [nosort|rowsort|valuesort] [label]   then SQL, `----`, and the values one a line, the rows one a line,
 *                                                    or `N values hashing to <md5>`
 *   skipif|onlyif <engine>, hash-threshold N, halt, # comment
 */
export type Sorting = 'nosort' | 'rowsort' | 'valuesort';

interface Placed {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly sql: string;
}
export interface StatementRecord extends Placed {
  readonly kind: 'statement';
  /** Undefined: it succeeds. */
  readonly error?: RegExp;
}
export interface QueryRecord extends Placed {
  readonly kind: 'query';
  readonly types: string;
  readonly sorting: Sorting;
  readonly label: string | undefined;
  readonly expected: readonly string[];
}
export interface ThresholdRecord {
  readonly kind: 'hash-threshold';
  readonly count: number;
}
export type LogicRecord = StatementRecord | QueryRecord | ThresholdRecord;

/** Names that skipif and onlyif call this server by. */
const ENGINES: ReadonlySet<string> = new Set(['postgresql', 'postgres', 'kalamdb']);

export function parseScript(text: string): readonly LogicRecord[] {
  const records: LogicRecord[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; ) {
    const from = at;
    while (at < lines.length && lines[at]?.trim() !== '') at++;
    const block = lines.slice(from, at);
    at++;
    const record = parseRecord(block, from + 1);
    if (record === 'halt') break;
    if (record !== undefined) records.push(record);
  }
  return records;
}

function parseRecord(block: readonly string[], firstLine: number): LogicRecord | 'halt' | undefined {
  let isSkipped = false;
  for (const [i, line] of block.entries()) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === '' || word.startsWith('#')) continue;
    const body = block.slice(i + 1);
    switch (word) {
      case 'skipif':
        isSkipped ||= ENGINES.has(rest[0] ?? '');
        break;
      case 'onlyif':
        isSkipped ||= !ENGINES.has(rest[0] ?? '');
        break;
      case 'halt':
        return isSkipped ? undefined : 'halt';
      case 'hash-threshold':
        return { kind: 'hash-threshold', count: Number(rest[0]) };
      case 'statement':
        return isSkipped ? undefined : statement(body, rest, line, firstLine + i);
      case 'query':
        return isSkipped ? undefined : query(body, rest, firstLine + i);
      default:
        throw new Error(`line ${firstLine + i}: no record begins with "${word}"`);
    }
  }
  return undefined;
}

function statement(body: readonly string[], [outcome]: readonly string[], line: string, at: number): StatementRecord {
  const sql = body.join('\n');
  // `statement count N` is what other readers of the format have: it succeeds as well.
  if (outcome !== 'error') return { kind: 'statement', line: at, sql };
  return { kind: 'statement', line: at, sql, error: new RegExp(/\berror\s*(.*)$/.exec(line)?.[1] ?? '') };
}

function query(body: readonly string[], [types = '', ...options]: readonly string[], at: number): QueryRecord {
  const divider = body.indexOf('----');
  const sorting = options.find((option): option is Sorting => ['nosort', 'rowsort', 'valuesort'].includes(option));
  return {
    kind: 'query',
    line: at,
    types,
    sorting: sorting ?? 'nosort',
    label: options.find((option) => option !== sorting),
    sql: body.slice(0, divider < 0 ? undefined : divider).join('\n'),
    expected: divider < 0 ? [] : body.slice(divider + 1),
  };
}
