import { RoleOid } from '../../../commons/system-names.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { BuiltinProc } from '../../builtin/index.js';
import { schemaName } from '../../definitions/index.js';
import { allProcs } from '../../made-routines.js';
import { Access } from '../access.js';
import type { Providers, VirtualScan } from '../scan.js';
import { typeFacts } from '../type-facts.js';
import { yesNo } from '../values.js';
import { dataType } from './column-type.js';

/** Functions, users' with the built-in ones. */
export const ROUTINE_PROVIDERS: Providers = {
  'information_schema.routines': routines,
  'information_schema.parameters': parameters,
};

/** By the names that clients ask for; aggregates and window functions are listed with the others, as in PostgreSQL. */
export function* procsWanted(
  scan: VirtualScan,
): Iterable<{ readonly proc: BuiltinProc; readonly schema: string; readonly specificName: string }> {
  const wantedSchema = scan.text('routine_schema') ?? scan.text('specific_schema');
  const wantedName = scan.text('routine_name');
  const schemas = new Map<number, string>();
  for (const proc of allProcs(scan.catalog)) {
    if (wantedName !== undefined && proc.name !== wantedName) continue;
    let schema = schemas.get(proc.namespace);
    if (schema === undefined) {
      schema = schemaName(scan.catalog, proc.namespace);
      schemas.set(proc.namespace, schema);
    }
    if (wantedSchema === undefined || schema === wantedSchema) yield { proc, schema, specificName: `${proc.name}_${proc.oid}` };
  }
}

function nulls(count: number): SqlValue[] {
  return new Array<SqlValue>(count).fill(null);
}

const LANGUAGES: Readonly<Record<number, string>> = { 12: 'INTERNAL', 13: 'C', 14: 'SQL', 13563: 'PLPGSQL' };
const SQL_LANGUAGE = 14;
const C_LANGUAGE = 13;

function* routines(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const isOwner = new Access(scan).hasRole(RoleOid.postgres);
  for (const { proc, schema, specificName } of procsWanted(scan)) {
    const result = typeFacts(catalog, proc.returnType);
    yield [
      database,
      schema,
      specificName,
      database,
      schema,
      proc.name,
      proc.kind === 'f' ? 'FUNCTION' : proc.kind === 'p' ? 'PROCEDURE' : null,
      ...nulls(6), // module, udt
      result === undefined ? null : dataType(catalog, { ...result, isDomain: false, baseType: proc.returnType }),
      ...nulls(14), // character_maximum_length … interval_precision
      database,
      result === undefined ? null : schemaName(catalog, result.schema),
      result?.name ?? null,
      ...nulls(4), // scope, maximum_cardinality
      '0', // dtd_identifier
      proc.language === SQL_LANGUAGE ? 'SQL' : 'EXTERNAL',
      sourceOf(scan, proc, isOwner),
      proc.language === C_LANGUAGE ? proc.source : null,
      LANGUAGES[proc.language] ?? null,
      'GENERAL', // parameter_style
      yesNo(proc.volatility === 'i'),
      'MODIFIES', // sql_data_access
      yesNo(proc.strict),
      null, // sql_path
      'YES', // schema_level_routine
      0, // max_dynamic_result_sets
      null, // is_user_defined_cast
      null, // is_implicitly_invocable
      proc.securityDefiner ? 'DEFINER' : 'INVOKER',
      ...nulls(3), // to_sql_specific
      'NO', // as_locator
      null, // created
      null, // last_altered
      null, // new_savepoint_level
      'NO', // is_udt_dependent
      ...nulls(RESULT_CAST_COLUMNS),
    ];
  }
}

/** Shown to the owner alone. */
function sourceOf(scan: VirtualScan, proc: BuiltinProc, ownsBuiltin: boolean): string | null {
  const routine = scan.catalog.routine(proc.oid);
  if (routine === undefined) return ownsBuiltin ? proc.source : null;
  return new Access(scan).hasRole(routine.owner) ? routine.source : null;
}

const RESULT_CAST_COLUMNS = 24;
const MODES = { i: 'IN', o: 'OUT', b: 'INOUT', v: 'IN', t: 'OUT' } as const;

function* parameters(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const isOwner = new Access(scan).hasRole(RoleOid.postgres);
  for (const { proc, schema, specificName } of procsWanted(scan)) {
    const types = proc.allArgTypes ?? proc.argTypes;
    for (const [i, type] of types.entries()) {
      const facts = typeFacts(catalog, type);
      if (facts === undefined) continue;
      yield [
        database,
        schema,
        specificName,
        i + 1,
        MODES[proc.argModes?.[i] ?? 'i'],
        'NO', // is_result
        'NO', // as_locator
        proc.argNames?.[i] || null,
        dataType(catalog, { ...facts, isDomain: false, baseType: type }),
        ...nulls(14), // character_maximum_length … interval_precision
        database,
        schemaName(catalog, facts.schema),
        facts.name,
        ...nulls(4), // scope, maximum_cardinality
        String(i + 1),
        isOwner || new Access(scan).hasRole(catalog.routine(proc.oid)?.owner ?? RoleOid.postgres) ? (defaultText(proc, i) ?? null) : null,
      ];
    }
  }
}

/** The default of the i-th parameter: the last input parameters have them. */
function defaultText(proc: BuiltinProc, i: number): string | undefined {
  const isInput = (mode: string | undefined) => mode === undefined || mode === 'i' || mode === 'b' || mode === 'v';
  if (!isInput(proc.argModes?.[i])) return undefined;
  const before = proc.argModes === undefined ? i : proc.argModes.slice(0, i).filter(isInput).length;
  return proc.defaultTexts[before - (proc.argTypes.length - proc.defaults)];
}
