import type { RelationDescriptor, RoutineDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import type { ExtensionUse } from '../extensions/uses.js';
import { catalogOf } from '../names.js';
import { shownType } from './find.js';
import { describeRoutine, usesOfRoutines } from './uses.js';

/** A routine that would go with a type or a relation, or what would go with a routine. */
export interface RoutineDependent {
  readonly oid: Oid;
  readonly text: string;
  readonly on: string;
  automatic: boolean;
  readonly apply: (cx: UtilityContext) => void;
  readonly relation?: Exclude<RelationDescriptor, { kind: 'virtual' }>;
  readonly routine?: RoutineDescriptor;
}

/** Routines over a type: it is a parameter's or the result's. @param is also says yes to its array */
export function routinesOver(is: (type: Oid) => boolean, cx: UtilityContext): readonly RoutineDependent[] {
  return [...catalogOf(cx).routines()].flatMap((routine) => {
    const type = [...routine.parameters.map((parameter) => parameter.type), routine.returnType, routine.aggregate?.stateType ?? 0].find(is);
    return type === undefined ? [] : [dependent(routine, `type ${shownType(type, cx)}`, cx)];
  });
}

/** Routines whose bodies read or change a relation. */
export function routinesReading(relation: Oid, on: string, cx: UtilityContext): readonly RoutineDependent[] {
  return [...catalogOf(cx).routines()].flatMap((routine) => (routine.dependsOn.includes(relation) ? [dependent(routine, on, cx)] : []));
}

function dependent(routine: RoutineDescriptor, on: string, cx: UtilityContext): RoutineDependent {
  const apply = (): void => {
    if (catalogOf(cx).routine(routine.oid) !== undefined) cx.session.catalog.remove(cx.transaction, 'routine', routine.oid);
  };
  return { oid: routine.oid, text: describeRoutine(routine, cx), on, automatic: false, apply, routine };
}

export function dependentsOfRoutine(routine: RoutineDescriptor, cx: UtilityContext): readonly RoutineDependent[] {
  return usesOfRoutines([routine], cx).flatMap((use) => {
    const { text, on } = use;
    const relation = use.kind === 'relation' ? catalogOf(cx).relationByOid(use.oid) : undefined;
    const oid = 'oid' in use ? use.oid : use.table;
    const own = { oid, text, on, automatic: false, apply: () => takeAway(use, cx) };
    return relation === undefined || relation.kind === 'virtual' ? [own] : [{ ...own, relation }];
  });
}

/** Relations are the caller's business, and so are columns: a generated one goes with its table. */
function takeAway(use: ExtensionUse, cx: UtilityContext): void {
  if (!('table' in use)) {
    cx.session.catalog.remove(cx.transaction, use.kind, use.oid);
    return;
  }
  const table = catalogOf(cx).relationByOid(use.table);
  if (table?.kind !== 'table') return;
  if (use.kind === 'constraint') {
    cx.session.catalog.put(cx.transaction, { ...table, constraints: table.constraints.filter(({ oid }) => oid !== use.oid) });
  } else if (use.kind === 'default') {
    const columns = table.columns.map((column) => {
      if (column.number !== use.column) return column;
      const { defaultText: _default, ...rest } = column;
      return rest;
    });
    cx.session.catalog.put(cx.transaction, { ...table, columns });
  } else if (use.kind === 'trigger') {
    cx.session.catalog.put(cx.transaction, { ...table, triggers: (table.triggers ?? []).filter(({ oid }) => oid !== use.oid) });
  }
}
