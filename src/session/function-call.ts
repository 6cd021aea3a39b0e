import { quoteIdentifier } from '../catalog/definitions/identifiers.js';
import { schemaName } from '../catalog/definitions/index.js';
import { procByOid } from '../catalog/made-routines.js';
import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { SqlValue } from '../types/value.js';
import { encoderFor } from '../wire/encoders/value-encoder.js';
import { utf8Params } from './param-encoding.js';
import { Portal } from './portals.js';
import { PreparedStatement } from './prepared-statements.js';
import { currentPlan } from './run/open-query.js';
import { openStatement } from './run/open-statement.js';
import { sendRows } from './run/send-rows.js';
import type { SessionCore } from './session-core.js';
import { checkedFormat } from './statement/describe-columns.js';

/** The function call message: a function by its OID, as old clients call those of large objects. It is a SELECT of the one call. @throws SqlError */
export async function callFunction(
  core: SessionCore,
  oid: Oid,
  formats: readonly number[],
  args: readonly (Uint8Array | null)[],
  resultFormat: number,
): Promise<void> {
  core.block.requireNotFailed();
  const { text, argTypes } = statementOf(core, oid);
  requireFittingArguments(formats.length, args.length, argTypes.length);
  const [cached] = core.server.statements.prepared(text, argTypes).statements;
  if (cached === undefined) return;
  core.block.enter();
  const plan = currentPlan(core, cached);
  const prepared = new PreparedStatement('', text, cached, plan, { fromSql: false, createdMicros: core.statementStartMicros });
  const { clientEncoding } = core;
  const bytes = clientEncoding === undefined ? args : utf8Params(args, formats, argTypes, clientEncoding);
  const values = decodeArguments(prepared, formats, bytes, core);
  const encode = encoderFor(plan.columns[0]?.type ?? 0, checkedFormat(resultFormat), core.format);
  const opened = await openStatement(core, cached, values, [], false);
  const portal = new Portal('', prepared, plan, values, [resultFormat], core.block.depth);
  let result: SqlValue = null;
  try {
    await sendRows(core, opened, portal, (row) => (result = row[0] ?? null), 0);
  } finally {
    opened.close();
  }
  core.output.functionResult(result, encode);
}

function statementOf(core: SessionCore, oid: Oid): { readonly text: string; readonly argTypes: readonly Oid[] } {
  const catalog = core.catalog();
  const proc = procByOid(catalog, oid);
  if (proc === undefined) throw new SqlError(SqlState.undefinedFunction, `function with OID ${oid} does not exist`);
  if (proc.kind !== 'f' || proc.returnsSet) {
    throw new SqlError(SqlState.featureNotSupported, `cannot call function "${proc.name}" via fastpath interface`);
  }
  const name = `${quoteIdentifier(schemaName(catalog, proc.namespace))}.${quoteIdentifier(proc.name)}`;
  const params = proc.argTypes.map((_, i) => (proc.variadic !== 0 && i === proc.argTypes.length - 1 ? `VARIADIC $${i + 1}` : `$${i + 1}`));
  return { text: `SELECT ${name}(${params.join(', ')})`, argTypes: proc.argTypes };
}

function requireFittingArguments(formats: number, args: number, wanted: number): void {
  if (args !== wanted) {
    throw new SqlError(SqlState.protocolViolation, `function call message contains ${args} arguments but function requires ${wanted}`);
  }
  if (formats > 1 && formats !== args) {
    throw new SqlError(SqlState.protocolViolation, `function call message contains ${formats} argument formats but ${args} arguments`);
  }
}

/** Its errors are not about a portal. */
function decodeArguments(
  prepared: PreparedStatement,
  formats: readonly number[],
  args: readonly (Uint8Array | null)[],
  core: SessionCore,
): readonly SqlValue[] {
  try {
    return prepared.decodeParams('', formats, args, core.format);
  } catch (error) {
    throw error instanceof SqlError ? new SqlError(error.code, error.message, { ...error.fields, where: undefined }) : error;
  }
}
