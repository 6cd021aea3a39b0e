import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { compareText } from '../../../types/text.js';
import { TsQuery } from '../../../types/text-search/tsquery.js';
import { TsVector, WEIGHTS } from '../../../types/text-search/tsvector.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { outOfWorkMemory } from '../../operators/memory.js';
import { runNow } from '../../routines/call.js';
import { innerRows } from '../../routines/inner-query.js';
import { drive, type Waiting } from '../../waiting.js';
import type { WaitingSetFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { Rewriting } from './rewrite.js';

/** Bytes of a word's counts, besides its text. */
const COUNT_BYTES = 100;
const MAX_BYTES = 256 * 1024 * 1024;

interface Count {
  documents: number;
  entries: number;
}

/** How often each word stands in the vectors that a query gives. @param weights undefined: all; else the numbers of those that count */
function* statistics(
  text: string,
  weights: ReadonlySet<number> | undefined,
  cx: FunctionContext,
  out: Parameters<WaitingSetFunction>[2],
): Waiting<void> {
  const counts = new Map<string, Count>();
  let bytes = 0;
  const query = {
    text,
    caller: 'ts_stat',
    requireColumns: requireTypes('ts_stat query must return one tsvector column', [TypeOid.tsvector]),
  };
  yield* innerRows(query, cx, ([vector]) => {
    if (!(vector instanceof TsVector)) return true;
    for (const { word, places } of vector.lexemes) {
      const found = weights === undefined ? Math.max(1, places.length) : places.filter(({ weight }) => weights.has(weight)).length;
      if (found === 0) continue;
      const count = counts.get(word);
      if (count === undefined) {
        bytes += COUNT_BYTES + 2 * word.length;
        counts.set(word, { documents: 1, entries: found });
      } else {
        count.documents++;
        count.entries += found;
      }
    }
    if (bytes > MAX_BYTES) throw outOfWorkMemory('ts_stat');
    return true;
  });
  // The order in which PostgreSQL happens to give them.
  const words = [...counts].sort(([a], [b]) => compareText(b, a));
  for (const [word, { documents, entries }] of words) out.add([word, documents, entries]);
}

/** Other letters count for nothing. */
function weightNumbers(letters: string): ReadonlySet<number> {
  return new Set([...letters.toUpperCase()].map((letter) => WEIGHTS.indexOf(letter)).filter((weight) => weight >= 0));
}

/** Replaces what the query's rows say, one after the other, until nothing is left. */
function* rewritten([start, text]: readonly SqlValue[], cx: FunctionContext): Waiting<SqlValue> {
  const query = start as TsQuery;
  if (query.root === undefined) return query;
  const rewriting = new Rewriting(query);
  const requireColumns = requireTypes('ts_rewrite query must return two tsquery columns', [TypeOid.tsquery, TypeOid.tsquery]);
  yield* innerRows({ text: text as string, caller: 'ts_rewrite', requireColumns }, cx, ([target, by]) => {
    if (!(target instanceof TsQuery && by instanceof TsQuery)) return true;
    rewriting.replace(target, by);
    rewriting.sort();
    return !rewriting.isEmpty;
  });
  return rewriting.result;
}

function requireTypes(message: string, wanted: readonly Oid[]): (types: readonly Oid[]) => void {
  return (types) => {
    if (types.length === wanted.length && wanted.every((type, i) => types[i] === type)) return;
    throw new SqlError(SqlState.invalidParameterValue, message);
  };
}

/** Functions that run a query which they are given as a text. */
export const textSearchInnerQueries: FunctionTable = {
  async: { tsquery_rewrite_query: (args, cx) => drive(rewritten(args, cx)) },
  blocking: {
    tsquery_rewrite_query: (query: SqlValue, text: SqlValue, cx: FunctionContext) =>
      runNow(rewritten([query, text], cx), cx.session.statements),
  },
  waitingSet: {
    ts_stat1: ([text], cx, out) => statistics(text as string, undefined, cx, out),
    ts_stat2: ([text, letters], cx, out) => statistics(text as string, weightNumbers(letters as string), cx, out),
  },
};
