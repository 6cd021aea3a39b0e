// Writes src/catalog/data/extensions/<name>.json: what CREATE EXTENSION brings, as rows of the system catalogs with the numbers that they have in KalamDB.
//   PGHOST=127.0.0.1 PGPORT=5432 PGUSER=postgres PGDATABASE=scratch node scripts/generate-extensions.mjs NAME …
// The database is a scratch one of a PostgreSQL 15 with its contrib modules. An extension that is not among them has its signatures in
// scripts/extensions/<name>.sql. Numbers never change once a file is committed, since stored tables refer to them: a file that is there is left alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const DATA = new URL('../src/catalog/data/extensions/', import.meta.url);

/** First number of an extension's types, and of all its other objects. Types lie below those that users make. */
const NUMBERS = {
  citext: [8000, 14000],
  hstore: [8020, 14100],
  pg_trgm: [8040, 14200],
  pgcrypto: [8060, 14260],
  'uuid-ossp': [8080, 14310],
  unaccent: [8100, 14330],
  fuzzystrmatch: [8120, 14340],
  ltree: [8140, 14360],
  intarray: [8160, 14520],
  btree_gin: [8180, 14620],
  btree_gist: [8200, 14780],
  vector: [8220, 15060],
  pg_stat_statements: [8240, 15260],
  moddatetime: [8260, 15270],
  insert_username: [8280, 15275],
  amcheck: [8300, 15280],
};

const numbers = (text) => (text === '' ? [] : text.split(' ').map(Number));
for (const type of [20, 26, 24]) pg.types.setTypeParser(type, Number);
pg.types.setTypeParser(30, numbers);
pg.types.setTypeParser(1016, (text) => JSON.parse(`[${text.slice(1, -1)}]`));

/** Each: the columns as in generate-catalog.mjs, which of them are numbers of what, and the rest of the query over `members`. */
const TABLES = {
  types: [
    `t.oid, typname, 0 AS typnamespace, typlen, typbyval, typtype, typcategory, typispreferred, typdelim, typrelid, typelem, typarray,
     typinput::oid, typoutput::oid, typreceive::oid, typsend::oid, typmodin::oid, typmodout::oid, typsubscript::oid, typanalyze::oid,
     typalign, typstorage, typcollation, typnotnull, typbasetype, typtypmod, typndims,
     typsubscript = 'array_subscript_handler'::regproc AND typelem <> 0 AS is_array, typdefault`,
    `FROM pg_type t WHERE typrelid = 0 AND (t.oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_type'::regclass)
       OR t.typelem IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_type'::regclass)) ORDER BY t.oid`,
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 24],
  ],
  procs: [
    `oid, proname, 0 AS pronamespace, prolang,
     CASE WHEN prosrc = 'textin' AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = $1) THEN proname::text
       WHEN prolang = 14 THEN proname || '(' || array_to_string(ARRAY(
       SELECT t.typname FROM unnest(proargtypes) WITH ORDINALITY a (type, n) JOIN pg_type t ON t.oid = a.type ORDER BY n), ',') || ')'
     ELSE prosrc END AS source,
     prokind, proretset, provolatile, proisstrict, prorettype, proargtypes, provariadic, pronargdefaults, procost, prorows, prosupport::oid,
     prosecdef, proleakproof, proparallel, proallargtypes::int8[], proargmodes::text[], proargnames::text[],
     CASE WHEN pronargdefaults > 0 THEN ARRAY(
       SELECT pg_get_function_arg_default(p.oid, i.n::int4)
       FROM (SELECT m.n, count(*) FILTER (WHERE m.mode IN ('i', 'b', 'v')) OVER (ORDER BY m.n) AS input, m.mode
             FROM unnest(coalesce(proargmodes::text[], array_fill('i'::text, ARRAY[pronargs::int4]))) WITH ORDINALITY m (mode, n)) i
       WHERE i.mode IN ('i', 'b', 'v') AND i.input > pronargs - pronargdefaults ORDER BY i.n) END AS default_texts,
     NULL AS acl`,
    `FROM pg_proc p WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_proc'::regclass) ORDER BY oid`,
    [9, 10, 11, 15, 19],
  ],
  operators: [
    `oid, oprname, 0 AS oprnamespace, oprkind, oprleft, oprright, oprresult, oprcom, oprnegate, oprcode::oid, oprrest::oid, oprjoin::oid,
     oprcanhash, oprcanmerge`,
    `FROM pg_operator WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_operator'::regclass) ORDER BY oid`,
    [4, 5, 6, 7, 8, 9, 10, 11],
  ],
  casts: [
    `oid, castsource, casttarget, castfunc, castcontext, castmethod`,
    `FROM pg_cast WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_cast'::regclass) ORDER BY oid`,
    [1, 2, 3],
  ],
  aggregates: [
    `aggfnoid::oid, aggkind, aggnumdirectargs, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid, aggdeserialfn::oid,
     aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid, aggfinalextra, aggmfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop,
     aggtranstype, aggtransspace, aggmtranstype, aggmtransspace, agginitval, aggminitval`,
    `FROM pg_aggregate WHERE aggfnoid::oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_proc'::regclass) ORDER BY aggfnoid::oid`,
    [0, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 18],
  ],
  'access-methods': [
    `oid, amname, amhandler::oid, amtype`,
    `FROM pg_am WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_am'::regclass) ORDER BY oid`,
    [],
  ],
  opfamilies: [
    `oid, opfmethod, opfname, 0 AS opfnamespace`,
    `FROM pg_opfamily WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_opfamily'::regclass) ORDER BY oid`,
    [1],
  ],
  opclasses: [
    `oid, opcmethod, opcname, 0 AS opcnamespace, opcfamily, opcintype, opcdefault, opckeytype`,
    `FROM pg_opclass WHERE oid IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_opclass'::regclass) ORDER BY oid`,
    [1, 4, 5, 7],
  ],
  amops: [
    `oid, amopfamily, amoplefttype, amoprighttype, amopstrategy, amoppurpose, amopopr, amopmethod, amopsortfamily`,
    `FROM pg_amop WHERE amopfamily IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_opfamily'::regclass) ORDER BY oid`,
    [1, 2, 3, 6, 7, 8],
  ],
  amprocs: [
    `oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc::oid`,
    `FROM pg_amproc WHERE amprocfamily IN (SELECT m.objid FROM members m WHERE m.classid = 'pg_opfamily'::regclass) ORDER BY oid`,
    [1, 2, 3, 5],
  ],
};

const MEMBERS = `CREATE TEMP TABLE members AS
  SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = $1
  UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = to_regnamespace($2) AND typelem = 0
  UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace($2)
  UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprnamespace = to_regnamespace($2)
  UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass WHERE opcnamespace = to_regnamespace($2)
  UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily WHERE opfnamespace = to_regnamespace($2)
  UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am WHERE oid >= 16384 AND to_regnamespace($2) IS NOT NULL
  UNION ALL SELECT 'pg_cast'::regclass, c.oid FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
    WHERE to_regnamespace($2) IN (s.typnamespace, t.typnamespace)`;

async function generate(client, name, [firstType, firstObject]) {
  const ownSql = new URL(`extensions/${name}.sql`, import.meta.url);
  await client.query('BEGIN');
  if (existsSync(ownSql)) await client.query(`CREATE SCHEMA own; SET LOCAL search_path = own; ${readFileSync(ownSql, 'utf8')}`);
  else await client.query(`CREATE EXTENSION "${name}"`);
  const literal = (text) => `'${text}'`;
  await client.query(MEMBERS.replaceAll('$1', literal(name)).replaceAll('$2', literal('own')));
  const found = {};
  const renumbered = new Map();
  let nextType = firstType;
  let nextObject = firstObject;
  for (const [table, [columns, rest]] of Object.entries(TABLES)) {
    const result = await client.query({ text: `SELECT ${columns.replaceAll('$1', literal(name))} ${rest}`, rowMode: 'array' });
    found[table] = { columns: result.fields.map((field) => field.name), rows: result.rows };
    if (table === 'aggregates') continue;
    // Numbers of entries of operator families are their table's own.
    if (table === 'amops' || table === 'amprocs') for (const [i, row] of result.rows.entries()) row[0] = firstObject + i;
    else for (const row of result.rows) renumbered.set(row[0], table === 'types' ? nextType++ : nextObject++);
  }
  const after = (value) => (Array.isArray(value) ? value.map(after) : typeof value === 'number' ? (renumbered.get(value) ?? value) : value);
  for (const [table, [, , references]] of Object.entries(TABLES))
    for (const row of found[table].rows) {
      if (table !== 'amops' && table !== 'amprocs' && table !== 'aggregates') row[0] = after(row[0]);
      for (const column of references) {
        row[column] = after(row[column]);
        const outside = [row[column]].flat().find((number) => number >= 16384);
        if (outside !== undefined) throw new Error(`${name}: ${table} ${row[1]} refers to ${outside}, which is outside of the extension`);
      }
    }
  await client.query('ROLLBACK');
  const tables = Object.entries(found).map(([table, { columns, rows }]) => {
    const lines = rows.map((row) => {
      let end = row.length;
      while (end > 0 && row[end - 1] === null) end--;
      return JSON.stringify(row.slice(0, end));
    });
    return `"${table}":{"columns":${JSON.stringify(columns)},"rows":[\n${lines.join(',\n')}\n]}`;
  });
  writeFileSync(new URL(`${name}.json`, DATA), `{${tables.join(',\n')}}\n`);
  console.log(`${name}: types ${firstType} to ${nextType - 1}, others ${firstObject} to ${nextObject - 1}`);
}

const client = new pg.Client();
await client.connect();
try {
  mkdirSync(fileURLToPath(DATA), { recursive: true });
  const names = process.argv.slice(2);
  for (const name of names.length === 0 ? Object.keys(NUMBERS) : names) {
    if (existsSync(new URL(`${name}.json`, DATA))) console.log(`${name}: is there`);
    else await generate(client, name, NUMBERS[name]);
  }
} finally {
  await client.end();
}
