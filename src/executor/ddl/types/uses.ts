import type { RelationDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, describeRelation } from '../names.js';
import { dependentsOfRoutine, type RoutineDependent, routinesOver } from '../routines/dependents.js';
import { describeCast } from '../routines/uses.js';
import { typeText } from './type-text.js';

/** What is made of a type: a column, or a type that is dropped with it. */
export interface TypeUse {
  readonly text: string;
  /** What it depends on: the type, or its array. */
  readonly on: string;
  readonly relation?: Exclude<RelationDescriptor, { kind: 'virtual' | 'index' | 'sequence' }>;
  readonly column?: string;
  /** The table is nothing without the type: one OF it, or partitioned by it. */
  readonly isWhole?: true;
  /** A domain or range over the type. */
  readonly type?: Oid;
  readonly routine?: RoutineDependent;
}

const direct = { isArray: false, number: 0 } as const;

/** Whether a table as a whole depends on a type, and by which column of its partition key. */
function wholeUse(table: TableDescriptor, oid: Oid, is: (type: Oid) => boolean): { readonly column?: string } | undefined {
  if (table.ofType === oid) return {};
  for (const key of table.partitionKey?.columns ?? []) {
    const column = table.columns[key.column - 1];
    if (column !== undefined && is(column.type)) return { column: column.name };
  }
  return undefined;
}

/** Direct uses of a type or of arrays of it. */
export function usesOfType(oid: Oid, cx: UtilityContext): readonly TypeUse[] {
  const catalog = catalogOf(cx);
  const arrayType = typeRecord(catalog, oid)?.array ?? 0;
  const own = catalog.typeByOid(oid);
  const is = (type: Oid) =>
    type === oid ||
    (arrayType !== 0 && type === arrayType) ||
    (own?.form === 'range' && (type === own.multirangeType || type === own.multirangeArrayType));
  const uses: (TypeUse & { readonly isArray: boolean; readonly oid: Oid; readonly number: number })[] = [];
  const nameOf = (type: Oid) => typeText(type, cx);
  for (const type of catalog.types()) {
    if (type.oid === oid) continue;
    if ((type.form === 'domain' && is(type.baseType)) || (type.form === 'range' && is(type.subtype)))
      uses.push({ ...direct, text: nameOf(type.oid), on: nameOf(oid), type: type.oid, oid: type.oid });
  }
  for (const relation of catalog.relations()) {
    if (relation.kind === 'virtual' || relation.kind === 'index' || relation.kind === 'sequence') continue;
    const whole = relation.kind === 'table' ? wholeUse(relation, oid, is) : undefined;
    if (whole !== undefined) {
      const text = describeRelation(relation, cx);
      uses.push({ ...direct, text, on: nameOf(oid), relation, oid: relation.oid, isWhole: true, ...whole });
      continue;
    }
    for (const column of relation.columns) {
      if (column.dropped === true || !is(column.type)) continue;
      const on =
        relation.kind === 'composite'
          ? `composite type ${describeRelation(relation, cx).slice('type '.length)}`
          : describeRelation(relation, cx);
      if (relation.kind === 'view') {
        uses.push({ ...direct, text: on, on: nameOf(column.type), relation, oid: relation.oid });
        break;
      }
      uses.push({
        text: `column ${column.name} of ${on}`,
        on: nameOf(column.type),
        relation,
        column: column.name,
        isArray: column.type === arrayType,
        oid: relation.oid,
        number: column.number,
      });
    }
  }
  for (const routine of routinesOver(is, cx)) {
    uses.push({ ...direct, text: routine.text, on: routine.on, oid: routine.oid, routine });
    if (routine.routine === undefined) continue;
    for (const further of dependentsOfRoutine(routine.routine, cx))
      uses.push({ ...direct, text: further.text, on: further.on, oid: further.oid, routine: further });
  }
  for (const cast of catalog.casts()) {
    if (!is(cast.source) && !is(cast.target)) continue;
    const { oid: castOid } = cast;
    const apply = () => cx.session.catalog.remove(cx.transaction, 'cast', castOid);
    const described = { oid: castOid, text: describeCast(cast, cx), on: nameOf(oid) };
    uses.push({ ...direct, ...described, routine: { ...described, automatic: false, apply } });
  }
  // In PostgreSQL's order: what arrays are used for, then by age, a relation's last column first.
  return uses.sort((a, b) => Number(b.isArray) - Number(a.isArray) || a.oid - b.oid || b.number - a.number);
}
