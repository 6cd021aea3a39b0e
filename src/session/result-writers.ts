import type { ResultColumn } from '../planner/bind/logical.js';
import type { FormatContext } from '../types/format-context.js';
import { encoderFor } from '../wire/encoders/value-encoder.js';
import type { ClientOutput, FieldDescription, RowWriter } from '../wire/port.js';
import type { StatementPlan } from './statement/cached-statement.js';

/** The session's writers of rows: made once for a plan that is used again, since its columns do not change. */
export class ResultWriters {
  readonly #output: ClientOutput;
  readonly #format: FormatContext;
  readonly #text = new WeakMap<StatementPlan, RowWriter>();
  readonly #binary = new WeakMap<StatementPlan, RowWriter>();

  constructor(output: ClientOutput, format: FormatContext) {
    this.#output = output;
    this.#format = format;
  }

  forPlan(plan: StatementPlan, format: 0 | 1): RowWriter {
    const writers = format === 0 ? this.#text : this.#binary;
    let writer = writers.get(plan);
    if (writer === undefined) {
      writer = this.forFields(plan.fields(format));
      // A weak map's entries are dear, and many plans run once.
      if (plan.isReused) writers.set(plan, writer);
      plan.isReused = true;
    }
    return writer;
  }

  forFields(fields: readonly FieldDescription[]): RowWriter {
    return this.#output.rows(fields.map((field) => encoderFor(field.typeOid, field.format, this.#format)));
  }

  forColumns(columns: readonly ResultColumn[]): RowWriter {
    return this.#output.rows(columns.map((column) => encoderFor(column.type, 0, this.#format)));
  }
}
