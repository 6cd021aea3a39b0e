import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, describeRelation } from '../names.js';

/** What is made of a type: a column, or a type that is dropped with it. */
export interface TypeUse {
  readonly text: string;
  readonly relation?: Exclude<RelationDescriptor, { kind: 'virtual' | 'index' | 'sequence' }>;
  readonly column?: string;
  /** A domain or range over the type. */
  readonly type?: Oid;
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
  const uses: TypeUse[] = [];
  for (const type of catalog.types()) {
    if (type.oid === oid) continue;
    if ((type.form === 'domain' && is(type.baseType)) || (type.form === 'range' && is(type.subtype)))
      uses.push({ text: `type ${type.name}`, type: type.oid });
  }
  for (const relation of catalog.relations()) {
    if (relation.kind === 'virtual' || relation.kind === 'index' || relation.kind === 'sequence') continue;
    for (const column of relation.columns) {
      if (column.dropped === true || !is(column.type)) continue;
      const on = relation.kind === 'composite' ? `composite type ${describeRelation(relation, cx).slice('type '.length)}` : describeRelation(relation, cx);
      if (relation.kind === 'view') {
        uses.push({ text: on, relation });
        break;
      }
      uses.push({ text: `column ${column.name} of ${on}`, relation, column: column.name });
    }
  }
  return uses;
}
