import type { Oid } from '../../../commons/ids.js';
import type { VariableType } from '../../../planner/parse/plpgsql/ast.js';
import type { BodyReader } from '../../../planner/parse/plpgsql/body-reader.js';
import { ArrayOid, TypeOid } from '../../../types/oids.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import type { TriggerCall } from '../routine.js';
import type { Activation } from './activation.js';

interface TriggerVariable {
  readonly name: string;
  readonly type: Oid;
  readonly value: (trigger: TriggerCall, schema: string) => SqlValue;
}

/** The manual's "Trigger Functions", in PostgreSQL's order. */
const VARIABLES: readonly TriggerVariable[] = [
  { name: 'tg_name', type: TypeOid.name, value: ({ name }) => name },
  { name: 'tg_when', type: TypeOid.text, value: ({ when }) => when },
  { name: 'tg_level', type: TypeOid.text, value: ({ level }) => level },
  { name: 'tg_op', type: TypeOid.text, value: ({ event }) => event },
  { name: 'tg_relid', type: TypeOid.oid, value: ({ relation }) => relation.oid },
  { name: 'tg_relname', type: TypeOid.name, value: ({ relation }) => relation.name },
  { name: 'tg_table_name', type: TypeOid.name, value: ({ relation }) => relation.name },
  { name: 'tg_table_schema', type: TypeOid.name, value: (_trigger, schema) => schema },
  { name: 'tg_nargs', type: TypeOid.int4, value: ({ args }) => args.length },
  {
    name: 'tg_argv',
    type: ArrayOid.text,
    value: ({ args }) => (args.length === 0 ? null : new SqlArray(args, [args.length], [0])),
  },
];

/** Numbers of what a trigger function finds. */
export interface TriggerNumbers {
  readonly new: number;
  readonly old: number;
  /** The first of the others, which follow each other. */
  readonly first: number;
}

/** @param row the relation's row type; record while it is not known */
export function declareTriggerVariables(reader: BodyReader, row: VariableType): TriggerNumbers {
  const fresh = reader.declare('new', 0, row).number;
  const old = reader.declare('old', 0, row).number;
  const [first = 0] = VARIABLES.map(({ name, type }) => reader.declare(name, 0, { oid: type, typmod: -1, isRecord: false }).number);
  return { new: fresh, old, first };
}

export function fillTriggerVariables(a: Activation, numbers: TriggerNumbers, trigger: TriggerCall): void {
  const schema = a.compile.catalog.schemaByOid(trigger.relation.schema)?.name ?? '';
  for (const [i, variable] of VARIABLES.entries()) a.slots[numbers.first + i] = variable.value(trigger, schema);
  fillRow(a, numbers.new, trigger.new, trigger);
  fillRow(a, numbers.old, trigger.old, trigger);
}

function fillRow(a: Activation, number: number, row: Row | undefined, { columns }: TriggerCall): void {
  const shape = a.shapes[number];
  if (row === undefined || shape === undefined) return;
  const live = columns.filter((column) => column.dropped !== true);
  a.setRecord(
    number,
    live.map((column) => row[column.number - 1] ?? null),
    shape,
  );
}

/** A row of the live columns as one of all. */
export function rowOfTrigger(values: readonly SqlValue[], { columns }: TriggerCall): Row {
  const row: Row = columns.map(() => null);
  let at = 0;
  for (const column of columns) if (column.dropped !== true) row[column.number - 1] = values[at++] ?? null;
  return row;
}
