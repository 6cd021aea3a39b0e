/**
 * What of PostgreSQL's SQL-callable functions, operators and casts is there: `npm run coverage:pg [-- GROUP …]`.
 * The committed catalog data says what there should be, the function library and the types' codecs what there is.
 * Without arguments: a line a group; with names of groups (or `all`): what is missing in them.
 */
import { type BuiltinProc, loadBuiltinCatalog } from '../src/catalog/builtin/index.js';
import { createFunctionLibrary } from '../src/executor/functions/index.js';
import { windowFunction } from '../src/executor/operators/window/functions.js';
import { codecFor, formatType } from '../src/types/type-codec.js';

/** Types that only the server's own machinery handles: a function over one is not for SQL. */
const INTERNAL_TYPES =
  /^(cstring|internal|trigger|event_trigger|language_handler|fdw_handler|index_am_handler|tsm_handler|table_am_handler|gtsvector|pg_ddl_command)$/;

/** The group of a function: that of the first type that says something, else a word of its name. */
const TYPE_GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^(point|lseg|path|box|polygon|circle|line)$/, 'geometry'],
  [/^(tsvector|tsquery|regconfig|regdictionary)$/, 'text search'],
  [/^(json|jsonb|jsonpath)$/, 'json'],
  [/^(inet|cidr|macaddr|macaddr8)$/, 'network'],
  [/range$/, 'ranges'],
  [/array$|\[\]$/, 'arrays'],
  [/^(bit|bit varying)$/, 'bits'],
  [/^money$/, 'money'],
  [/^xml$/, 'xml'],
  [/^(date|time.*|timestamp.*|interval)$/, 'date and time'],
  [/^(bytea)$/, 'bytea'],
  [/^(pg_lsn|pg_snapshot|txid_snapshot|xid|xid8|tid|cid|aclitem)$/, 'identifiers'],
  [/^anyenum$/, 'enums'],
];
const NAME_GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^hash|hash$|extended$/, 'hashing'],
  [/^(pg_stat|pg_get_|pg_|has_|lo_|txid_|binary_upgrade|brin_|gin_|current_|inet_|obj_|col_|shobj_|row_security)/, 'system'],
];

interface Tally {
  there: number;
  readonly missing: string[];
}

const catalog = loadBuiltinCatalog();
const library = createFunctionLibrary();
const sources = new Set(library.sources());

/** The machinery behind types and indexes: typinput and the like, support functions, operators' estimators. */
const machinery = new Set<number>([
  ...catalog.types().flatMap((type) => [type.input, type.output, type.receive, type.send, type.modifierInput, type.modifierOutput]),
  ...catalog.operators().flatMap((operator) => [operator.restrict, operator.join]),
  ...catalog.procs().map((proc) => proc.support),
]);

function isCallable(proc: BuiltinProc): boolean {
  if (machinery.has(proc.oid)) return false;
  return ![proc.returnType, ...proc.argTypes].some((type) => INTERNAL_TYPES.test(formatType(type)));
}

/** Aggregates with WITHIN GROUP run as an operator of their own, which refuses none of them. */
const orderedSets = new Set(catalog.aggregates().flatMap((aggregate) => (aggregate.kind === 'n' ? [] : [aggregate.proc])));

function isThere(proc: BuiltinProc): boolean {
  if (orderedSets.has(proc.oid)) return true;
  if (proc.kind === 'w') return windowFunction(proc.source, []) !== undefined;
  return sources.has(proc.kind === 'a' ? `${proc.name}(${proc.argTypes.join(',')})` : proc.source);
}

function signature(proc: BuiltinProc): string {
  return `${proc.name}(${proc.argTypes.map((type) => formatType(type)).join(', ')})`;
}

function groupOf(proc: BuiltinProc): string {
  if (proc.kind === 'a') return 'aggregates';
  if (proc.kind === 'w') return 'window';
  const named = NAME_GROUPS.find(([pattern]) => pattern.test(proc.name));
  if (named !== undefined) return named[1];
  for (const type of [...proc.argTypes, proc.returnType]) {
    const found = TYPE_GROUPS.find(([pattern]) => pattern.test(formatType(type)));
    if (found !== undefined) return found[1];
  }
  return 'numbers, texts and others';
}

class Report {
  readonly #title: string;
  readonly #groups = new Map<string, Tally>();

  constructor(title: string) {
    this.#title = title;
  }

  count(group: string, name: string, there: boolean): void {
    let tally = this.#groups.get(group);
    if (tally === undefined) {
      tally = { there: 0, missing: [] };
      this.#groups.set(group, tally);
    }
    if (there) tally.there++;
    else tally.missing.push(name);
  }

  print(shown: readonly string[]): void {
    const groups = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1));
    let there = 0;
    let all = 0;
    for (const [, tally] of groups) {
      there += tally.there;
      all += tally.there + tally.missing.length;
    }
    console.log(`\n${this.#title}: ${there} of ${all} (${((100 * there) / all).toFixed(1)} %)`);
    for (const [group, tally] of groups) {
      console.log(`  ${group.padEnd(28)} ${String(tally.there).padStart(4)} of ${String(tally.there + tally.missing.length).padStart(4)}`);
      if (!shown.includes('all') && !shown.includes(group)) continue;
      for (const name of tally.missing.sort()) console.log(`      ${name}`);
    }
  }
}

const functions = new Report('Functions');
for (const proc of catalog.procs()) if (isCallable(proc)) functions.count(groupOf(proc), signature(proc), isThere(proc));

const operators = new Report('Operators');
for (const operator of catalog.operators()) {
  const proc = catalog.procByOid(operator.proc);
  if (proc === undefined) continue;
  const left = operator.left === 0 ? '' : `${formatType(operator.left)} `;
  operators.count(groupOf(proc), `${left}${operator.name} ${formatType(operator.right)}`, isThere(proc));
}

const casts = new Report('Casts');
for (const cast of catalog.casts()) {
  const proc = catalog.procByOid(cast.func);
  const there =
    proc !== undefined
      ? isThere(proc)
      : cast.method === 'b' || (codecFor(cast.source) !== undefined && codecFor(cast.target) !== undefined);
  casts.count(cast.method === 'f' ? 'by function' : 'by text or binary', `${formatType(cast.source)} as ${formatType(cast.target)}`, there);
}

const types = new Report('Types');
for (const type of catalog.types()) {
  if (type.kind !== 'b' || type.isArray || type.namespace !== 11) continue;
  types.count('base types', type.name, codecFor(type.oid) !== undefined);
}

const shown = process.argv.slice(2);
for (const report of [functions, operators, casts, types]) report.print(shown);
