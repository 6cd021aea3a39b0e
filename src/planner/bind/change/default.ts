import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { FIRST_USER_OID } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { makeCall } from '../call/make-call.js';
import { coerceToColumn } from '../coerce.js';
import type { BoundExpr } from '../expression.js';
import { constNode } from '../nodes.js';
import { Scope } from '../scope/scope.js';
import type { BindState } from '../state.js';
import { storedExpression, withoutPosition } from '../stored-text.js';

/** The function library's name for nextval of an identity column. */
const IDENTITY_NEXTVAL = 'nextval_identity';

/** What a column gets when no value is given: its default, the next number of its identity, or NULL. */
export function columnDefault(scope: Scope, column: ColumnDescriptor): BoundExpr {
  const { state } = scope;
  if (column.identity !== undefined) {
    const nextval = state.builtin.procsByName('nextval').find((proc) => proc.argTypes[0] === TypeOid.regclass);
    assert(nextval !== undefined, 'pg_catalog has nextval(regclass)');
    const sequence = constNode(TypeOid.regclass, -1, column.identity.sequence);
    // The privilege to insert is enough: the sequence is part of the column.
    const call = { ...makeCall(state, nextval, [sequence], nextval.returnType, undefined), source: IDENTITY_NEXTVAL };
    return coerceToColumn(state, call, column);
  }
  const domain = column.type >= FIRST_USER_OID ? domainOf(state, column.type) : undefined;
  const defaultText = column.defaultText ?? domain?.defaultText;
  if (defaultText === undefined) {
    const none = constNode(column.type, column.typmod, null);
    // A domain may refuse NULL.
    return domain === undefined ? none : coerceToColumn(state, { ...none, type: domain.baseType }, column);
  }
  return withoutPosition(() => {
    const inner = new Scope(state, undefined, { searchPath: state.environment.searchPath, hasParameters: false }, scope.depth);
    return coerceToColumn(
      state,
      inner.bindIn(
        'DEFAULT',
        storedExpression(state.cx.parser, column.defaultText === undefined ? (domain ?? column) : column, defaultText),
      ),
      column,
    );
  });
}

function domainOf(state: BindState, oid: number) {
  const type = state.types.typeByOid(oid);
  return type?.kind === 'd' ? type : undefined;
}

/** Why a column takes only DEFAULT, if it does. */
export function onlyDefaultDetail(column: ColumnDescriptor): string | undefined {
  if (column.generatedText !== undefined) return `Column "${column.name}" is a generated column.`;
  if (column.identity?.always === true) return `Column "${column.name}" is an identity column defined as GENERATED ALWAYS.`;
  return undefined;
}

export function insertsOnlyDefault(column: ColumnDescriptor, detail: string): SqlError {
  return new SqlError(SqlState.generatedAlways, `cannot insert a non-DEFAULT value into column "${column.name}"`, {
    detail,
    ...(column.generatedText === undefined ? { hint: 'Use OVERRIDING SYSTEM VALUE to override.' } : {}),
  });
}

export function updatesOnlyDefault(column: ColumnDescriptor, detail: string): SqlError {
  return new SqlError(SqlState.generatedAlways, `column "${column.name}" can only be updated to DEFAULT`, { detail });
}
