// Writes src/catalog/data/*.json from a real PostgreSQL 15, reached through the PG* environment variables (as superuser, a fresh cluster):
//   PGHOST=127.0.0.1 PGPORT=5432 PGUSER=postgres node scripts/generate-catalog.mjs
// A file is {"columns": […], "rows": [[…], …]}, one row a line, ordered by key; trailing nulls of a row are left out.
// Only what initdb makes is read (oid < 16384). Bodies of SQL functions and view definitions stay out.
// Names of files as arguments: only these are written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const DATA = new URL('../src/catalog/data/', import.meta.url);
const FIRST_USER_OID = 16384;

const numbers = (text) => (text === '' ? [] : text.split(' ').map(Number));
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(26, Number);
pg.types.setTypeParser(24, Number);
pg.types.setTypeParser(30, numbers);
pg.types.setTypeParser(1016, (text) => JSON.parse(`[${text.slice(1, -1)}]`));

/** Each: file name → [columns as SQL `expression AS name`, the rest of the query]. */
const TABLES = {
  types: [
    `oid, typname, typnamespace, typlen, typbyval, typtype, typcategory, typispreferred, typdelim, typrelid, typelem, typarray,
     typinput::oid, typoutput::oid, typreceive::oid, typsend::oid, typmodin::oid, typmodout::oid, typsubscript::oid, typanalyze::oid,
     typalign, typstorage, typcollation, typnotnull, typbasetype, typtypmod, typndims,
     typsubscript = 'array_subscript_handler'::regproc AND typelem <> 0 AS is_array, typdefault`,
    `FROM pg_type WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  procs: [
    `oid, proname, pronamespace, prolang,
     CASE WHEN prolang = 14 THEN proname || '(' || array_to_string(ARRAY(
       SELECT t.typname FROM unnest(proargtypes) WITH ORDINALITY a (type, n) JOIN pg_type t ON t.oid = a.type ORDER BY n), ',') || ')'
     ELSE prosrc END AS source,
     prokind, proretset, provolatile, proisstrict, prorettype, proargtypes, provariadic, pronargdefaults, procost, prorows, prosupport::oid,
     prosecdef, proleakproof, proparallel, proallargtypes::int8[], proargmodes::text[], proargnames::text[],
     CASE WHEN pronargdefaults > 0 THEN ARRAY(
       SELECT pg_get_function_arg_default(p.oid, i.n::int4)
       FROM (SELECT m.n, count(*) FILTER (WHERE m.mode IN ('i', 'b', 'v')) OVER (ORDER BY m.n) AS input, m.mode
             FROM unnest(coalesce(proargmodes::text[], array_fill('i'::text, ARRAY[pronargs::int4]))) WITH ORDINALITY m (mode, n)) i
       WHERE i.mode IN ('i', 'b', 'v') AND i.input > pronargs - pronargdefaults ORDER BY i.n) END AS default_texts,
     proacl::text AS acl`,
    `FROM pg_proc p WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  operators: [
    `oid, oprname, oprnamespace, oprkind, oprleft, oprright, oprresult, oprcom, oprnegate, oprcode::oid, oprrest::oid, oprjoin::oid,
     oprcanhash, oprcanmerge`,
    `FROM pg_operator WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  casts: [`oid, castsource, casttarget, castfunc, castcontext, castmethod`, `FROM pg_cast WHERE oid < ${FIRST_USER_OID} ORDER BY oid`],
  aggregates: [
    `aggfnoid::oid, aggkind, aggnumdirectargs, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid, aggdeserialfn::oid,
     aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid, aggfinalextra, aggmfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop,
     aggtranstype, aggtransspace, aggmtranstype, aggmtransspace, agginitval, aggminitval`,
    `FROM pg_aggregate WHERE aggfnoid::oid < ${FIRST_USER_OID} ORDER BY aggfnoid::oid`,
  ],
  ranges: [
    `rngtypid, rngsubtype, rngmultitypid, rngcollation, rngsubopc, rngcanonical::oid, rngsubdiff::oid`,
    `FROM pg_range WHERE rngtypid < ${FIRST_USER_OID} ORDER BY rngtypid`,
  ],
  'access-methods': [`oid, amname, amhandler::oid, amtype`, `FROM pg_am WHERE oid < ${FIRST_USER_OID} ORDER BY oid`],
  opfamilies: [`oid, opfmethod, opfname, opfnamespace`, `FROM pg_opfamily WHERE oid < ${FIRST_USER_OID} ORDER BY oid`],
  opclasses: [
    `oid, opcmethod, opcname, opcnamespace, opcfamily, opcintype, opcdefault, opckeytype`,
    // As they lie: psql lists the types of a family in that order.
    `FROM pg_opclass WHERE oid < ${FIRST_USER_OID} ORDER BY ctid`,
  ],
  amops: [
    `oid, amopfamily, amoplefttype, amoprighttype, amopstrategy, amoppurpose, amopopr, amopmethod, amopsortfamily`,
    `FROM pg_amop WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  amprocs: [
    `oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc::oid`,
    `FROM pg_amproc WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  // The 800 ICU collations depend on the build's ICU; the catalog knows them by rule, not by list.
  collations: [
    `oid, collname, collnamespace, collprovider, collisdeterministic, collencoding, collcollate, collctype, colliculocale`,
    `FROM pg_collation WHERE oid < ${FIRST_USER_OID} AND collprovider <> 'i' ORDER BY oid`,
  ],
  conversions: [
    `oid, conname, connamespace, conforencoding, contoencoding, conproc::oid, condefault`,
    `FROM pg_conversion WHERE oid < ${FIRST_USER_OID} ORDER BY oid`,
  ],
  'domain-checks': [
    `oid, conname, connamespace, contypid, pg_get_expr(conbin, 0) AS expression,
     pg_get_constraintdef(oid) AS definition, pg_get_constraintdef(oid, true) AS pretty`,
    `FROM pg_constraint WHERE oid < ${FIRST_USER_OID} AND contypid <> 0 ORDER BY oid`,
  ],
  // Comments on extensions and their languages are the extensions'; those on schemas and databases come from their descriptors.
  descriptions: [
    `classoid, classoid::regclass AS catalog, objoid, description`,
    `FROM pg_description WHERE objoid < ${FIRST_USER_OID} AND objsubid = 0
     AND classoid NOT IN ('pg_extension'::regclass, 'pg_namespace'::regclass)
     AND (classoid <> 'pg_collation'::regclass OR objoid IN (SELECT oid FROM pg_collation WHERE collprovider <> 'i'))
     AND (classoid <> 'pg_language'::regclass OR objoid IN (SELECT oid FROM pg_language WHERE lanname <> 'plpgsql'))
     ORDER BY classoid, objoid`,
  ],
  namespaces: [`oid, nspname`, `FROM pg_namespace WHERE oid < ${FIRST_USER_OID} ORDER BY oid`],
  languages: [`oid, lanname, lanispl, lanpltrusted`, `FROM pg_language WHERE oid < ${FIRST_USER_OID} ORDER BY oid`],
  settings: [
    // PostgreSQL takes a larger max_stack_depth than the one it is built with as soon as it knows its stack.
    `name, CASE name WHEN 'max_stack_depth' THEN '2048' ELSE boot_val END, unit, category, context, vartype, min_val, max_val, enumvals`,
    `FROM pg_settings WHERE name !~ '[.]' ORDER BY lower(name) COLLATE "C"`,
  ],
  relations: [
    `oid, relname, relnamespace, reltype, relkind, relhasindex, relisshared, relhasrules, relacl::text,
     CASE WHEN relreplident <> 'n' AND relkind = 'r' THEN relreplident::text END AS relreplident, reloptions`,
    `FROM pg_class WHERE oid < ${FIRST_USER_OID} AND relkind IN ('r', 'v') ORDER BY oid`,
  ],
  'toast-tables': [
    `t.oid, t.relname, c.oid AS table, t.relisshared`,
    `FROM pg_class t JOIN pg_class c ON c.reltoastrelid = t.oid WHERE t.oid < ${FIRST_USER_OID} ORDER BY t.oid`,
  ],
  indexes: [
    `indexrelid, relname, relnamespace, indrelid, relisshared, indisunique, indisprimary,
     (SELECT k.oid FROM pg_constraint k WHERE k.conindid = indexrelid AND k.contype IN ('p', 'u')) AS constraint,
     ARRAY(SELECT unnest(indkey)::int8) AS keys, indclass, indcollation`,
    `FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indexrelid < ${FIRST_USER_OID} ORDER BY indexrelid`,
  ],
  attributes: [
    `attrelid, attnum, attname, atttypid, atttypmod, attndims, attnotnull, attcollation, attacl::text`,
    `FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
     WHERE attrelid < ${FIRST_USER_OID} AND relkind IN ('r', 'v') AND attnum > 0 ORDER BY attrelid, attnum`,
  ],
};

function write(name, columns, rows) {
  const lines = rows.map((row) => {
    let end = row.length;
    while (end > 0 && row[end - 1] === null) end--;
    return JSON.stringify(row.slice(0, end));
  });
  const text = `{"columns":${JSON.stringify(columns)},"rows":[\n${lines.join(',\n')}\n]}\n`;
  writeFileSync(new URL(`${name}.json`, DATA), text);
  console.log(`${name}.json: ${rows.length} rows, ${text.length} bytes`);
}

const client = new pg.Client();
/** The settings that the server reports of itself at start-up, by ParameterStatus. */
const reported = new Set();
client.connection.on('parameterStatus', (message) => reported.add(message.parameterName.toLowerCase()));
await client.connect();
try {
  const version = (await client.query('SHOW server_version_num')).rows[0].server_version_num;
  if (!version.startsWith('15')) throw new Error(`this needs PostgreSQL 15, not ${version}`);
  mkdirSync(fileURLToPath(DATA), { recursive: true });
  const wanted = process.argv.slice(2);
  for (const [name, [columns, rest]] of Object.entries(TABLES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const result = await client.query({ text: `SELECT ${columns} ${rest}`, rowMode: 'array' });
    const names = result.fields.map((field) => field.name);
    let rows = result.rows;
    if (name === 'settings') {
      names.push('reported');
      rows = rows.map((row) => [...row, reported.has(row[0].toLowerCase())]);
    }
    write(name, names, rows);
  }
} finally {
  await client.end();
}
