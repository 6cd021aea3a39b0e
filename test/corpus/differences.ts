import type pg from 'pg';
import { type Answer, CatalogTarget, SUBJECTS, statementsOf } from './catalog-target.js';
import { catalogQueries, corpusSchema, RECORDED_OID } from './statements.js';

export interface Difference {
  readonly client: string;
  readonly text: string;
  readonly values: readonly string[];
  readonly what: string;
}

/** @param only a client's name; absent: all */
export async function differences(
  oracleUrl: string | pg.ClientConfig,
  oursUrl: string | pg.ClientConfig,
  only?: string,
): Promise<{ readonly failed: readonly string[]; readonly compared: number; readonly found: readonly Difference[] }> {
  const configOf = (given: string | pg.ClientConfig): pg.ClientConfig => (typeof given === 'string' ? { connectionString: given } : given);
  const { target: ours, done, failed } = await CatalogTarget.open(configOf(oursUrl), statementsOf(corpusSchema()));
  // What can't be made here is told by `failed`; the rest is compared without it.
  const { target: oracle } = await CatalogTarget.open(configOf(oracleUrl), done);
  const found: Difference[] = [];
  let compared = 0;
  for (const { client, text } of catalogQueries()) {
    if (only !== undefined && client !== only) continue;
    const types = await oracle.parameterTypes(text);
    // What PostgreSQL itself can't prepare was sent in another way, or is of another version.
    if (typeof types === 'string') continue;
    const hasOids = text.search(RECORDED_OID) >= 0;
    const variants = hasOids || types.length > 0 ? SUBJECTS : SUBJECTS.slice(0, 1);
    for (const [i, subject] of variants.entries()) {
      const textFor = (target: CatalogTarget): string => text.replaceAll(RECORDED_OID, target.oidOf(subject));
      const valuesFor = (target: CatalogTarget): string[] => types.map((type, at) => parameterValue(type, at + i, subject, target));
      const expected = await oracle.ask(textFor(oracle), valuesFor(oracle));
      const actual = await ours.ask(textFor(ours), valuesFor(ours));
      compared++;
      const what = compare(expected, actual, text);
      if (what === undefined) continue;
      found.push({ client, text, values: [subject, ...valuesFor(ours)], what });
      break;
    }
  }
  await oracle.close();
  await ours.close();
  return { failed, compared, found };
}

function parameterValue(type: string, at: number, subject: string, target: CatalogTarget): string {
  const [schema = '', name = ''] = subject.split('.');
  switch (type) {
    case 'oid':
    case 'regclass':
    case 'bigint':
      return target.oidOf(subject);
    case 'oid[]':
      return `{${target.oidOf(subject)}}`;
    case 'name[]':
    case 'text[]':
    case 'character varying[]':
      return at % 2 === 0 ? `{${schema}}` : `{${name}}`;
    case 'boolean':
      return 'true';
    case 'text':
    case 'name':
    case 'character varying':
    case 'information_schema.sql_identifier':
      return at % 2 === 0 ? schema : name;
    default:
      return type.endsWith('[]') ? '{}' : '1';
  }
}

function compare(expected: Answer, actual: Answer, text: string): string | undefined {
  if (expected.kind === 'error') {
    // Its own versions of clients ask for what is not there.
    return actual.kind === 'error' ? undefined : `rows in place of ${expected.text}`;
  }
  if (actual.kind === 'error') return `${actual.text} in place of ${expected.rows.length} rows`;
  if (expected.columns.join() !== actual.columns.join()) return `columns ${actual.columns.join()} in place of ${expected.columns.join()}`;
  const ordered = /order by/i.test(text);
  const wanted = ordered ? expected.rows : expected.rows.toSorted();
  const given = ordered ? actual.rows : actual.rows.toSorted();
  if (wanted.length === given.length && wanted.every((row, i) => row === given[i])) return undefined;
  const missing = wanted.filter((row) => !given.includes(row));
  const extra = given.filter((row) => !wanted.includes(row));
  if (missing.length === 0 && extra.length === 0)
    return wanted.length === given.length ? 'another order' : `${given.length} rows in place of ${wanted.length}`;
  const shown = (rows: readonly string[], sign: string): string =>
    rows
      .slice(0, 4)
      .map((row) => `  ${sign} ${row.slice(0, 300)}`)
      .join('\n');
  return `${missing.length} rows missing, ${extra.length} too many\n${shown(missing, '-')}\n${shown(extra, '+')}`;
}
