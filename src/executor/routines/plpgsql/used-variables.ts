import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Variable, VariableScope } from '../../../planner/context.js';
import { findName, type Names } from '../../../planner/parse/plpgsql/names.js';
import { nameOf } from '../../../planner/parse/plpgsql/token-stream.js';
import { tokenize } from '../../../planner/parse/tokens.js';
import type { SqlValue } from '../../../types/value.js';
import type { Activation } from './activation.js';
import type { Body } from './body.js';
import type { Shape } from './shape.js';

interface UsedField {
  readonly slot: number;
  readonly record: number;
  readonly index: number;
}

/**
 * The variables of a body as one piece of SQL sees them, with its records as they were when it was planned. Fields of records become parameters
 * of their own, which have to be filled before it runs; when a record gets another shape, the SQL is planned anew.
 */
export class UsedVariables implements VariableScope {
  readonly precedence: VariableScope['precedence'];
  readonly #body: Body;
  readonly #names: Names;
  readonly #shapes: readonly (Shape | undefined)[];
  readonly fields: UsedField[] = [];
  readonly #scalars = new Set<number>();
  readonly #cases = new Map<number, Oid>();
  readonly #records = new Map<number, Shape | undefined>();

  constructor(names: Names, a: Activation) {
    this.#body = a.body;
    this.precedence = a.body.precedence;
    this.#names = names;
    this.#shapes = a.shapes.slice();
  }

  find(names: readonly string[]): Variable | undefined {
    const [first, second, third] = names;
    if (first === undefined || names.length > 3) return undefined;
    const found = findName(this.#names, false, first, second, third);
    if (found === undefined) return undefined;
    const datum = this.#body.datum(found.number);
    if (datum.kind === 'scalar') {
      if (found.words !== names.length) return undefined;
      this.#scalars.add(datum.number);
      const operand = this.#body.caseTypes.get(datum.number);
      if (operand !== undefined) this.#cases.set(datum.number, operand.type);
      const known = operand ?? { type: datum.type.oid, typmod: datum.type.typmod };
      const { collation } = datum.type;
      return { index: datum.number, ...known, ...(collation === undefined ? {} : { collation }) };
    }
    if (datum.kind !== 'record') return undefined;
    const shape = this.#shapes[datum.number];
    const field = names[found.words];
    if (this.#body.typedShapes[datum.number] === undefined) this.#records.set(datum.number, shape);
    if (field === undefined) return { index: datum.number, type: datum.type.oid, typmod: -1, ...rowOf(shape) };
    if (shape === undefined) throw notAssigned(datum.name);
    const index = shape.indexOf(field);
    if (index < 0) throw noField(datum.name, field);
    const slot = this.#body.fieldSlot(datum.number, field);
    if (!this.fields.some((used) => used.slot === slot)) this.fields.push({ slot, record: datum.number, index });
    const rest = names.slice(found.words + 1);
    return {
      index: slot,
      type: shape.types[index] ?? 0,
      typmod: shape.typmods[index] ?? -1,
      ...(rest.length === 0 ? {} : { fields: rest }),
    };
  }

  usedScalars(): readonly number[] {
    return [...this.#scalars].sort((one, other) => one - other);
  }

  /** What a text may name: of statements that are planned only as they run. */
  noteFieldsIn(text: string): void {
    const tokens = tokenize(text);
    for (let i = 0; i + 2 < tokens.length; i++) {
      const [first, dot, second] = tokens.slice(i, i + 3).map((token) => nameOf(token) ?? token.text);
      if (dot !== '.' || first === undefined || second === undefined) continue;
      const found = findName(this.#names, false, first, second);
      const shape = found === undefined ? undefined : this.#shapes[found.number];
      if (found?.kind === 'record' && found.words === 1 && (shape?.indexOf(second) ?? -1) >= 0) this.find([first, second]);
    }
  }

  /** Whether the records still are as they were, and what CASE looks at. */
  stillHolds(a: Activation): boolean {
    if (this.#cases.size > 0) for (const [variable, type] of this.#cases) if (a.body.caseTypes.get(variable)?.type !== type) return false;
    if (this.#records.size === 0) return true;
    for (const [record, shape] of this.#records) {
      const now = a.shapes[record];
      if (now !== shape && (now === undefined || shape === undefined || !now.equals(shape))) return false;
    }
    return true;
  }

  /** The records' fields are put where the SQL reads them. */
  fill(a: Activation): void {
    const { slots } = a;
    for (const { slot, record, index } of this.fields) slots[slot] = a.record(record)?.values[index] ?? null;
  }

  /** Values as they are now, for what goes on while variables change. */
  values(a: Activation): SqlValue[] {
    this.fill(a);
    a.shareEverything();
    return a.slots.slice();
  }
}

/** What the columns of a record that has no named type are. */
function rowOf(shape: Shape | undefined): Pick<Variable, 'row'> {
  if (shape === undefined || shape.type !== RECORD) return {};
  return { row: shape.names.map((name, i) => ({ name, type: shape.types[i] ?? 0, typmod: shape.typmods[i] ?? -1 })) };
}

const RECORD = 2249;

export function notAssigned(record: string): SqlError {
  return new SqlError(SqlState.objectNotInPrerequisiteState, `record "${record}" is not assigned yet`, {
    detail: 'The tuple structure of a not-yet-assigned record is indeterminate.',
  });
}

export function noField(record: string, field: string): SqlError {
  return new SqlError(SqlState.undefinedColumn, `record "${record}" has no field "${field}"`);
}
