import type { Oid } from '../../../commons/ids.js';
import type { VariableScope } from '../../../planner/context.js';
import type { Datum, PlFunction } from '../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../types/oids.js';
import { CastTable } from './casts.js';
import type { Shape } from './shape.js';

/** What all calls of a compiled body share. */
export class Body {
  /** As errors call it: `f(integer)`, `inline_code_block`. */
  readonly signature: string;
  readonly datums: readonly Datum[];
  /** Shapes of records of composite types, by number. */
  readonly typedShapes: readonly (Shape | undefined)[];
  readonly hasRecords: boolean;
  readonly precedence: VariableScope['precedence'];
  readonly printStrictParams: boolean;
  readonly found: number;
  /** Types of $1 …, which are the first variables. */
  readonly paramTypes: readonly Oid[];
  readonly casts = new CastTable();
  /** Types of CASE's operands, once they are known. */
  readonly caseTypes = new Map<number, { readonly type: Oid; readonly typmod: number }>();
  readonly #fieldSlots = new Map<string, number>();
  slotCount: number;

  constructor(
    signature: string,
    parsed: PlFunction,
    typedShapes: readonly (Shape | undefined)[],
    options: {
      readonly precedence: VariableScope['precedence'];
      readonly printStrictParams: boolean;
      readonly found: number;
      readonly parameterCount: number;
    },
  ) {
    this.signature = signature;
    this.datums = parsed.datums;
    this.typedShapes = typedShapes;
    this.hasRecords = parsed.datums.some((datum) => datum.kind === 'record');
    this.precedence = options.precedence;
    this.printStrictParams = options.printStrictParams;
    this.found = options.found;
    this.paramTypes = parsed.datums
      .slice(0, options.parameterCount)
      .map((datum) => (datum.kind === 'scalar' || datum.kind === 'record' ? datum.type.oid : TypeOid.text));
    this.slotCount = parsed.datums.length;
  }

  datum(number: number): Datum {
    const datum = this.datums[number];
    if (datum === undefined) throw new Error(`no variable ${number}`);
    return datum;
  }

  /** Where expressions read a field of a record: filled before each. */
  fieldSlot(record: number, field: string): number {
    const key = `${record}.${field}`;
    let slot = this.#fieldSlots.get(key);
    if (slot === undefined) {
      slot = this.slotCount++;
      this.#fieldSlots.set(key, slot);
    }
    return slot;
  }
}
