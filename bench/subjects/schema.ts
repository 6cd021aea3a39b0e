import { type Contender, contendersOf, psql, residentMiB, runProgram } from '../contender.js';
import { COLUMNS, LARGE_SCHEMA, largeSchema, TABLES } from '../large-schema.js';
import type { Comparison, Line, Subject } from '../subject.js';

const PULLED_TABLE = 'table_0500';

const FEW_TABLES = 100;
const TEXTS_OF_A_CALL = 100;

/** What clients ask the catalogs, as they ask it. */
const QUESTIONS: readonly (readonly [name: string, query: string])[] = [
  [
    'columns of all tables (as prisma db pull)',
    `SELECT n.nspname, info.table_name, info.column_name, format_type(att.atttypid, att.atttypmod), info.data_type, info.udt_name,
       pg_get_expr(def.adbin, def.adrelid), info.is_nullable, info.is_identity, col_description(att.attrelid, ordinal_position)
     FROM information_schema.columns info
     JOIN pg_attribute att ON att.attname = info.column_name
     JOIN pg_class c ON c.oid = att.attrelid AND c.relname = info.table_name
     JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = info.table_schema
     LEFT JOIN pg_attrdef def ON def.adrelid = att.attrelid AND def.adnum = att.attnum
     WHERE info.table_schema = '${LARGE_SCHEMA}' ORDER BY 1, 2, ordinal_position`,
  ],
  [
    'foreign keys of all tables',
    `SELECT con.conname, c.relname, target.relname, att.attname, pg_get_constraintdef(con.oid)
     FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class target ON target.oid = con.confrelid JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
     WHERE con.contype = 'f' AND n.nspname = '${LARGE_SCHEMA}' ORDER BY 2, 1`,
  ],
  [
    'columns of one table (as drizzle-kit pull)',
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod), c.column_default, c.is_identity
     FROM pg_attribute a JOIN pg_class cls ON cls.oid = a.attrelid JOIN pg_namespace ns ON ns.oid = cls.relnamespace
     LEFT JOIN information_schema.columns c ON c.column_name = a.attname AND c.table_schema = ns.nspname AND c.table_name = cls.relname
     WHERE a.attnum > 0 AND NOT a.attisdropped AND ns.nspname = '${LARGE_SCHEMA}' AND cls.relname = '${PULLED_TABLE}' ORDER BY a.attnum`,
  ],
  ['add a column, rolled back', `BEGIN; ALTER TABLE ${LARGE_SCHEMA}.${PULLED_TABLE} ADD COLUMN added text DEFAULT 'x'; ROLLBACK`],
];

/** A schema of a thousand tables: what starting, describing and changing it takes. */
export const schema: Subject = {
  name: 'schema',
  async prepare(contest) {
    for (const contender of contendersOf(contest)) {
      await drop(contender, LARGE_SCHEMA);
      await make(contender, largeSchema());
    }
  },
  lines: () => [
    ...starting,
    psqlCommand('\\d'),
    psqlCommand(`\\d ${LARGE_SCHEMA}.${PULLED_TABLE}`),
    ...QUESTIONS.map(question),
    dump,
    makeAndDrop,
  ],
};

const starting: readonly Line[] = [
  {
    kind: 'requirement',
    name: `start with ${TABLES} tables of ${COLUMNS} columns`,
    unit: 's',
    wanted: 2,
    async measure({ server }) {
      await server.stop();
      const started = performance.now();
      await server.start();
      return (performance.now() - started) / 1000;
    },
  },
  {
    kind: 'requirement',
    name: 'memory after start',
    unit: 'MiB',
    wanted: 300,
    measure: ({ server }) => Promise.resolve(residentMiB(server.pid)),
  },
];

function psqlCommand(command: string): Comparison {
  return timed(`psql ${command}`, (contender) => psql(contender, command));
}

function question([name, query]: (typeof QUESTIONS)[number]): Comparison {
  return timed(name, (contender) => psql(contender, query));
}

const dump = timed('pg_dump -s', (contender) => runProgram('pg_dump', contender.libpq, ['-s', '-n', LARGE_SCHEMA]));

const makeAndDrop = timed(`make and drop ${FEW_TABLES} more tables`, async (contender) => {
  await make(contender, largeSchema(FEW_TABLES, 'bench_few'));
  return drop(contender, 'bench_few');
});

/** Many transactions: one of all would have PostgreSQL hold more locks than it has room for. */
async function make(contender: Contender, texts: readonly string[]): Promise<void> {
  for (let from = 0; from < texts.length; from += TEXTS_OF_A_CALL) await psql(contender, ...texts.slice(from, from + TEXTS_OF_A_CALL));
}

/** Of the large one too many locks as well: it is there once a run. */
function drop(contender: Contender, name: string): Promise<string> {
  return psql(contender, 'SET client_min_messages = error', `DROP SCHEMA IF EXISTS ${name} CASCADE`);
}

function timed(name: string, run: (contender: Contender) => Promise<string>): Comparison {
  return {
    kind: 'comparison',
    name,
    unit: 'ms',
    wanted: 2,
    lessIsBetter: true,
    // The first one of a connection's kind is planned and compiled.
    prepare: async (contender) => {
      await run(contender);
    },
    async measure(contender) {
      const started = performance.now();
      await run(contender);
      return performance.now() - started;
    },
  };
}
