// Writes test/catalog/builtin-resolution.golden.json: what a real PostgreSQL 15 makes of generated expressions (PG* environment variables, as
// superuser). Statements are only analysed, never run: PREPARE with debug_print_parse gives the resolved tree.
//   node scripts/generate-resolution-golden.mjs [seed] [cases] [file]
import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';

const [seed = '1', cases = '900', file = new URL('../test/catalog/builtin-resolution.golden.json', import.meta.url)] =
  process.argv.slice(2);
const UNKNOWN = 705;
const POOL = [
  'bool int2 int4 int8 float4 float8 numeric money oid regclass regtype xid text varchar bpchar name "char" bytea uuid json jsonb',
  'date time timetz timestamp timestamptz interval inet cidr macaddr bit varbit point box circle tsvector tsquery pg_lsn xid8 xml jsonpath',
  'int4range numrange tstzrange int4multirange nummultirange int2vector oidvector pg_class',
  'int4[] int8[] numeric[] text[] varchar[] name[] "char"[] bool[] jsonb[] date[] timestamptz[] float8[] oid[] int4range[]',
  'information_schema.sql_identifier information_schema.cardinal_number information_schema.yes_or_no',
].flatMap((line) => line.split(' '));

let state = Number(seed);
/** A whole number below n, the same for the same seed. */
function random(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const pick = (list) => list[random(list.length)];

const table = (name) => JSON.parse(readFileSync(new URL(`../src/catalog/data/${name}.json`, import.meta.url), 'utf8')).rows;
const types = new Map(
  table('types').map((row) => [row[0], { name: row[1], kind: row[5], category: row[6], element: row[10], array: row[11] }]),
);

/** nodeToString's text as objects {node, field: value}, arrays and strings. */
function parseTree(text) {
  const tokens = text.match(/\{|\}|\(|\)|(?:\\.|[^\s{}()\\])+/g);
  let at = 0;
  function value() {
    const token = tokens[at++];
    if (token === '{') {
      const node = { node: tokens[at++] };
      while (tokens[at] !== '}') {
        const field = tokens[at++].slice(1);
        const values = [];
        while (tokens[at] !== '}' && !/^:/.test(tokens[at])) values.push(value());
        node[field] = values.length === 1 ? values[0] : values;
      }
      at++;
      return node;
    }
    if (token === '(') {
      const list = [];
      while (tokens[at] !== ')') list.push(value());
      at++;
      return list;
    }
    return token;
  }
  return value();
}

const RESULT = {
  VAR: 'vartype',
  CONST: 'consttype',
  FUNCEXPR: 'funcresulttype',
  OPEXPR: 'opresulttype',
  AGGREF: 'aggtype',
  WINDOWFUNC: 'wintype',
  COALESCEEXPR: 'coalescetype',
  ARRAYEXPR: 'array_typeid',
  ARRAY: 'array_typeid',
  ROW: 'row_typeid',
};
const typeOf = (node) => (node.node === 'SCALARARRAYOPEXPR' ? 16 : Number(node[RESULT[node.node] ?? 'resulttype']));

const client = new pg.Client();
await client.connect();
let tree;
client.on('notice', (notice) => {
  if (notice.message === 'parse tree:' && /:targetList\s+[(]/.test(notice.detail)) tree = notice.detail;
});

/** @returns the analysed query, or {code, message} */
async function analyse(sql) {
  tree = undefined;
  try {
    await client.query(`PREPARE golden AS ${sql}`);
    await client.query('DEALLOCATE golden');
  } catch (error) {
    return { code: error.code, message: error.message };
  }
  if (tree === undefined) throw new Error(`no tree came for ${sql}`);
  return parseTree(tree);
}
const targetOf = (query) => query.targetList[0].expr;

/** What stands for an argument of a type in the statement. */
const argument = (type) => (type === UNKNOWN ? 'NULL' : `t.c${type}`);

const STRANGE = new Set([2275, 2276, 2278, 2279, 2281, 2249, 269, 325, 3115, 3838, 194, 32, 3361, 3402, 4600, 4601, 5017, 0]);
const POLYMORPHIC = {
  anyelement: (type) => type,
  anynonarray: (type) => type,
  anyenum: (type) => type,
  anycompatible: (type) => type,
  anycompatiblenonarray: (type) => type,
  anyarray: (type) => types.get(type)?.array,
  anycompatiblearray: (type) => types.get(type)?.array,
};

function perturb(declared, pool, chosen) {
  const name = types.get(declared)?.name ?? '';
  const wanted = POLYMORPHIC[name]?.(chosen) ?? (types.get(declared)?.kind === 'p' ? pick(pool) : declared);
  const dice = random(10);
  if (dice < 2) return UNKNOWN;
  if (dice < 4) return pick(pool.filter((oid) => types.get(oid).category === types.get(wanted)?.category).concat(pool.slice(0, 1)));
  if (dice < 5) return pick(pool);
  return pool.includes(wanted) ? wanted : UNKNOWN;
}

async function operatorCase(pool, operator) {
  const [, name, , kind, left, right] = operator;
  const chosen = pick(pool);
  const array = kind === 'b' && random(8) === 0;
  const args = (kind === 'b' ? [left, right] : [right]).map((type) => perturb(type, pool, chosen));
  if (array && types.get(args[1])?.array > 0 && pool.includes(types.get(args[1]).array)) args[1] = types.get(args[1]).array;
  const [a, b] = args.map(argument);
  const infix = array ? `${a} ${name} ANY (${b})` : `${a} OPERATOR(pg_catalog.${name}) ${b}`;
  const query = await analyse(`SELECT ${kind === 'b' ? infix : `${name} ${a}`} FROM t`);
  const head = [kind === 'l' ? 'prefix' : array ? 'any' : 'infix', name, args];
  if (query.code !== undefined) return [...head, query.code, query.message.replace(`pg_catalog.${name}`, name)];
  const node = targetOf(query);
  return [...head, Number(node.opno), typeOf(node), node.args.map(typeOf)];
}

async function functionCase(pool, proc) {
  const [, name, , , , kind, , , , , argTypes, variadic, defaults] = proc;
  const names = (proc[21] ?? []).filter((_, i) => ['i', 'b', 'v'].includes(proc[20]?.[i] ?? 'i'));
  const chosen = pick(pool);
  let args = argTypes.map((type) => perturb(type, pool, chosen));
  let word = '';
  if (variadic !== 0) {
    if (random(2) === 0) word = 'VARIADIC ';
    else args = [...args.slice(0, -1), ...Array.from({ length: random(3) }, () => perturb(variadic, pool, chosen))];
  }
  if (defaults > 0) args = args.slice(0, args.length - random(defaults + 1));
  if (random(15) === 0) args = args.slice(0, -1);
  let named = [];
  if (word === '' && names.length >= args.length && names.every((text) => text !== '') && random(3) === 0) {
    const from = random(args.length + 1);
    const order = names.map((text, i) => [text, args[i] ?? perturb(argTypes[i], pool, chosen)]).slice(from);
    if (random(2) === 0) order.reverse();
    named = order.slice(0, Math.max(1, order.length - random(defaults + 1))).map(([text]) => text);
    args = [...args.slice(0, from), ...order.slice(0, named.length).map(([, type]) => type)];
  }
  const texts = args.map((type, i) => {
    const argName = named[i - (args.length - named.length)];
    return `${i === args.length - 1 ? word : ''}${argName === undefined ? '' : `"${argName}" => `}${argument(type)}`;
  });
  const query = await analyse(`SELECT pg_catalog."${name}"(${texts.join(', ')})${kind === 'w' ? ' OVER ()' : ''} FROM t`);
  const head = ['function', name, args, named, word !== '' && args.length > 0];
  if (query.code !== undefined) return [...head, query.code, query.message.replace('pg_catalog.', '')];
  const node = targetOf(query);
  const oid = node.funcid ?? node.aggfnoid ?? node.winfnoid;
  if (oid === undefined || Number(node.funcformat ?? 0) === 1) return [...head, 0, typeOf(node), []];
  const given = node.node === 'AGGREF' ? node.args : node.args === '<>' ? [] : node.args;
  const list = Array.isArray(given) ? given : [];
  return [
    ...head,
    Number(oid),
    typeOf(node),
    list.map((arg) => typeOf(arg.node === 'TARGETENTRY' || arg.node === 'NAMEDARGEXPR' ? (arg.expr ?? arg.arg) : arg)),
  ];
}

async function commonCase(pool) {
  const first = pick(pool);
  const alike = pool.filter((oid) => types.get(oid).category === types.get(first).category);
  const args = Array.from({ length: 2 + random(3) }, () => (random(5) === 0 ? UNKNOWN : random(8) === 0 ? pick(pool) : pick(alike)));
  const query = await analyse(`SELECT coalesce(${args.map(argument).join(', ')}) FROM t`);
  if (query.code !== undefined) return ['common', args, query.code, query.message];
  return ['common', args, typeOf(targetOf(query))];
}

/** The way from Var or Const to the target, in a word: "function 123", "array function 123". */
function pathOf(node) {
  const inner = node.node === 'COERCETODOMAIN' ? node.arg : node;
  switch (inner.node) {
    case 'VAR':
    case 'CONST':
      return inner === node ? 'none' : 'relabel';
    case 'RELABELTYPE':
      return 'relabel';
    case 'FUNCEXPR':
      return `function ${inner.funcid}`;
    case 'COERCEVIAIO':
      return 'io';
    case 'ARRAYCOERCEEXPR':
      return 'array';
    default:
      return inner.node;
  }
}

/** Without yes_or_no, whose length coercion (it is varchar(3)) would hide the path. */
async function castCases(pool) {
  const rows = [];
  for (const from of pool) {
    const explicit = [];
    const assignment = [];
    for (const to of pool) {
      const cast = await analyse(`SELECT CAST(t.c${from} AS ${spelled.get(to)}) FROM t`);
      explicit.push(cast.code ?? pathOf(targetOf(cast)));
      const insert = await analyse(`INSERT INTO t (c${to}) SELECT t.c${from} FROM t`);
      // INSERT … SELECT coerces over the sub-select: its target list is what counts.
      assignment.push(insert.code ?? pathOf(insert.targetList[0].expr));
    }
    rows.push(['cast', from, pool, explicit, assignment]);
  }
  return rows;
}

async function orderCase(type) {
  const order = await analyse(`SELECT t.c${type} FROM t ORDER BY 1`);
  const distinct = await analyse(`SELECT t.c${type} FROM t GROUP BY 1`);
  return [
    'order',
    type,
    order.code === undefined ? Number(order.sortClause[0].sortop) : 0,
    distinct.code === undefined ? Number(distinct.groupClause[0].eqop) : 0,
  ];
}

const spelled = new Map();
const rows = [];
try {
  await client.query('SET client_min_messages = log; SET debug_pretty_print = off');
  const pool = [];
  for (const name of POOL) {
    const oid = Number((await client.query('SELECT $1::regtype::oid AS oid', [name])).rows[0].oid);
    pool.push(oid);
    // Unquoted, bit would be bit(1).
    spelled.set(oid, name === 'bit' ? '"bit"' : name);
  }
  await client.query(`CREATE TEMP TABLE t (${pool.map((oid) => `c${oid} ${spelled.get(oid)}`).join(', ')})`);
  await client.query('SET debug_print_parse = on');
  const operators = table('operators').filter((row) => !STRANGE.has(row[5]));
  const procs = table('procs').filter(
    (row) => row[2] === 11 && row[10].length > 0 && !row[10].some((type) => STRANGE.has(type) && type !== 2276) && !STRANGE.has(row[9]),
  );
  const orderedSets = new Set(table('aggregates').flatMap((row) => (row[1] === 'n' ? [] : [row[0]])));
  const telling = procs.filter(
    (row) => !orderedSets.has(row[0]) && (row[11] !== 0 || row[12] > 0 || row[10].some((type) => types.get(type)?.kind === 'p')),
  );
  const plain = procs.filter((row) => !orderedSets.has(row[0]));
  for (let i = 0; i < Number(cases); i++) rows.push(await operatorCase(pool, pick(operators)));
  for (let i = 0; i < Number(cases); i++) rows.push(await functionCase(pool, pick(i % 2 === 0 ? telling : plain)));
  for (let i = 0; i < Number(cases) / 4; i++) rows.push(await commonCase(pool));
  for (const type of pool) rows.push(await orderCase(type));
  if (seed === '1') rows.push(...(await castCases(pool.filter((oid) => spelled.get(oid) !== 'information_schema.yes_or_no'))));
} finally {
  await client.end();
}
writeFileSync(file, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
