import type pg from 'pg';
import type { Random } from './random.js';
import type { Case } from './round.js';
import { constant, isMadeUp, polymorphic } from './value-texts.js';

/** A function, operator, cast or aggregate that PostgreSQL is born with. */
interface Builtin {
  readonly kind: 'function' | 'set' | 'aggregate' | 'operator' | 'cast';
  /** As SQL names it. */
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
}

/** Those that answer alike whenever they are asked, over types that values can be made up for. Read from their catalogs. */
export class BuiltinCalls {
  readonly #all: readonly Builtin[];

  private constructor(all: readonly Builtin[]) {
    this.#all = all;
  }

  static async read(oracle: pg.Client, ours: pg.Client): Promise<BuiltinCalls> {
    const { rows } = await oracle.query<Builtin>(QUERY);
    // The oracle may be of a later version.
    const known = new Set((await ours.query<Builtin>(QUERY)).rows.map((builtin) => JSON.stringify(builtin)));
    const common = rows.filter((builtin) => known.has(JSON.stringify(builtin)));
    return new BuiltinCalls(
      common.filter(({ args }) => args.every((type) => isMadeUp(type) || (type.startsWith('any') && type !== 'anyenum'))),
    );
  }

  /** One call after the other of a builtin: some dozen in a row of VALUES would hide which one failed. */
  generate(random: Random): Case {
    const builtin = random.pick(this.#all);
    return { steps: [call(builtin, random)], settings: [], inTransaction: false, withParameters: false, strictness: 'exact' };
  }
}

function call({ kind, name, args, result }: Builtin, random: Random): string {
  const types = polymorphic(args, random);
  const values = () => types.map((type) => constant(type, random));
  switch (kind) {
    case 'function':
      return `SELECT ${name}(${values().join(', ')})`;
    case 'set':
      return `SELECT * FROM ${name}(${values().join(', ')}) LIMIT 50`;
    case 'cast':
      return `SELECT (${values()[0]})::${result}`;
    case 'operator': {
      const [left = '', right] = values();
      return right === undefined ? `SELECT ${name} ${left}` : `SELECT ${left} ${name} ${right}`;
    }
    case 'aggregate': {
      const rows = random.many(random.between(1, 4), () => `(${['0', ...values()].join(', ')})`);
      const columns = ['n', ...types.map((_, i) => `v${i}`)];
      return `SELECT ${name}(${columns.slice(1).join(', ') || '*'}) FROM (VALUES ${rows.join(', ')}) v (${columns.join(', ')})`;
    }
  }
}

/**
 * Names whose answers are the server's own affair (costs, sizes, sampling, encodings, places in memory), and those
 * whose answers in PostgreSQL are no promise: how far a comparison is from 0, and overflows that it does not check
 * (age, bit, range's subtractions).
 */
const LEFT_OUT = `^(pg_|has_|lo_|lo|be_lo|inet_(client|server)|txid_|current|session|getdatabase|set_config|binary_upgrade|enum_|brin|gin|gist|spg|bt|array_(in|out|recv|send|typanalyze|unnest_support|subscript)|.*(sel|send|recv|_support|_transfn|_finalfn|_combine|_accum|_accum_inv|_avg|_sum|serialize|deserialize|typmodin|typmodout)$|ts_(stat|rewrite|debug|parse|token_type)|query_to|table_to|schema_to|database_to|cursor_to|xml|xpath|plan|version|amvalidate|.*_to_(utf8|mic|iso8859.*|win.*|koi8r|euc.*|big5|sjis|shift.*)$|nextval|currval|setval|lastval|shobj|obj_|col_|row_security|icu|fmgr_|acldefault|age$|bit$|.*cmp$|.*_subdiff$|float8_(corr|covar|regr|stddev|var)|int8(inc|dec)|bool(and|or)_|postgresql_fdw|makeaclitem|jsonb?_(populate|to_record))`;

const QUERY = `
WITH t AS (SELECT oid, CASE typname WHEN 'char' THEN '"char"' ELSE typname END::text AS name FROM pg_type),
f AS (
  SELECT p.oid, CASE WHEN prokind = 'a' THEN 'aggregate' WHEN proretset THEN 'set' ELSE 'function' END AS kind, quote_ident(proname) AS name,
    ARRAY(SELECT t.name FROM unnest(proargtypes) WITH ORDINALITY a (type, n) JOIN t ON t.oid = a.type ORDER BY a.n) AS args, r.name AS result
  FROM pg_proc p JOIN t r ON r.oid = prorettype
  WHERE pronamespace = 'pg_catalog'::regnamespace AND prorettype <> 'cstring'::regtype AND prokind IN ('f', 'a') AND (provolatile = 'i' OR provolatile = 's' AND prorettype <> 'regclass'::regtype)
    AND proname !~ '${LEFT_OUT}' AND pronargs > 0 AND pronargs < 6
    AND NOT EXISTS (SELECT FROM pg_aggregate WHERE aggfnoid = p.oid AND aggkind <> 'n')
    AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
)
SELECT kind, name, args, result FROM f
UNION ALL
SELECT 'operator', oprname, ARRAY(SELECT t.name FROM unnest(ARRAY[oprleft, oprright]) WITH ORDINALITY a (type, n) JOIN t ON t.oid = a.type ORDER BY a.n), r.name
FROM pg_operator JOIN t r ON r.oid = oprresult WHERE oprnamespace = 'pg_catalog'::regnamespace
UNION ALL
SELECT 'cast', '', ARRAY[s.name], r.name FROM pg_cast JOIN t s ON s.oid = castsource JOIN t r ON r.oid = casttarget
WHERE casttarget < 10000 AND NOT (casttarget::regtype::text LIKE 'reg%')
ORDER BY 1, 2, 3`;
