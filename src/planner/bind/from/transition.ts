import { TypeOid } from '../../../types/oids.js';
import type { FromTable } from '../../parse/ast.js';
import type { BoundCall } from '../expression.js';
import { constNode, outputColumn } from '../nodes.js';
import { itemOf } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';

/** A transition table of the trigger whose function's statement this is; undefined: the name is none. */
export function bindTransition(scope: Scope, node: FromTable): BoundFrom | undefined {
  const { state } = scope;
  const { name, alias } = node;
  const found = name.schema === undefined ? state.cx.transitions?.find((transition) => transition.name === name.name) : undefined;
  if (found === undefined) return undefined;
  const live = found.columns.filter((column) => column.dropped !== true);
  const shown = alias?.name ?? found.name;
  const names = aliasNames(
    shown,
    alias?.columns ?? [],
    live.map((column) => column.name),
  );
  const call: BoundCall = {
    kind: 'call',
    proc: 0,
    source: 'transition_table',
    name: found.name,
    args: [constNode(TypeOid.text, -1, found.name)],
    strict: false,
    volatility: 's',
    returnsSet: true,
    type: TypeOid.record,
    typmod: -1,
  };
  const columns = live.map((column, i) => outputColumn(state.newColumn(), names[i] ?? column.name, column));
  const item = itemOf(shown, alias !== undefined, columns);
  return single(scope, { kind: 'function scan', functions: [{ call, columns, composite: true }], alias: shown }, item, () => ({
    kind: 'functions',
    item,
    node: { type: 'functions', functions: [] },
    functions: [],
  }));
}
