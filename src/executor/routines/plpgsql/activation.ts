import type { SqlError } from '../../../commons/sql-error.js';
import { type Row, SqlRecord, type SqlValue } from '../../../types/value.js';
import { Frame } from '../../frame.js';
import type { CompileContext, RoutineCall, RowSink } from '../routine.js';
import type { ExpressionScope } from '../statements.js';
import type { Body } from './body.js';
import { Casts } from './casts.js';
import type { LoopRows } from './loop-rows.js';
import type { Shape } from './shape.js';
import type { Step } from './step.js';

/** One call of a routine: its variables, and where it stands. */
export class Activation {
  readonly body: Body;
  readonly call: RoutineCall;
  /** Values of the variables by their numbers; behind them, fields of records as expressions read them. */
  readonly slots: SqlValue[];
  /** Of records that have been assigned to. */
  readonly shapes: (Shape | undefined)[];
  /** The statement under way. */
  step: Step | undefined;
  /** What else is under way, as errors tell it: "during function entry". */
  phase: string | undefined;
  phaseLine = 0;
  /** SQL under way, for the context that GET DIAGNOSTICS shows. */
  sqlLine: string | undefined;
  rowCount: number | bigint = 0;
  /** What the handler under way has caught. */
  caught: CaughtError | undefined;
  /** Thrown again as it was: this activation has told its place already. */
  rethrown: unknown;
  /** Which block or loop EXIT and CONTINUE mean; undefined: the innermost loop. */
  label: string | undefined;
  /** RETURN's value, and of which type it is. */
  result: SqlValue = null;
  resultType = 0;
  resultTypmod = -1;
  resultShape: Shape | undefined;
  out: RowSink | undefined;
  /** Loops over rows that are under way. */
  readonly loops: LoopRows[] = [];
  readonly casts: Casts;
  #scope: ExpressionScope | undefined;
  #frame: Frame | undefined;
  #frames: Map<object, Frame> | undefined;
  #compile: CompileContext | undefined;

  constructor(body: Body, call: RoutineCall) {
    this.body = body;
    this.call = call;
    this.slots = new Array<SqlValue>(body.slotCount).fill(null);
    this.shapes = body.typedShapes.slice();
    this.casts = new Casts(this);
  }

  /** What expressions are evaluated with: its parameters are the variables themselves. */
  get scope(): ExpressionScope {
    this.#scope ??= this.call.statements.expressionScope(this.slots, this.call);
    return this.#scope;
  }

  /** For closures without state of their own. */
  get frame(): Frame {
    this.#frame ??= new Frame(this.scope, 0);
    return this.#frame;
  }

  /** For those that have slots: an expression is never under way twice in one activation. */
  frameFor(expression: object, slotCount: number): Frame {
    if (slotCount === 0) return this.frame;
    this.#frames ??= new Map();
    let frame = this.#frames.get(expression);
    if (frame === undefined) {
      frame = new Frame(this.scope, slotCount);
      this.#frames.set(expression, frame);
    }
    return frame;
  }

  /** Something else than a statement begins. */
  begin(phase: string): void {
    this.phase = phase;
    this.phaseLine = 0;
    this.step = undefined;
  }

  /** What plans are made with now. */
  get compile(): CompileContext {
    this.#compile ??= this.call.statements.compileContext();
    return this.#compile;
  }

  /** Something ran that may have changed rows, the catalog or settings. */
  statementEnded(): void {
    this.#compile = undefined;
    this.#scope?.release();
  }

  close(): void {
    this.#scope?.release();
  }

  // ------------------------------------------------------------ records

  record(number: number): SqlRecord | null {
    const value = this.slots[number];
    return value instanceof SqlRecord ? value : null;
  }

  setRecord(number: number, values: Row, shape: Shape): void {
    this.slots[number] = new SqlRecord(values, shape.types, shape.names);
    this.shapes[number] = shape;
  }
}

/** An error as GET STACKED DIAGNOSTICS tells it. */
export interface CaughtError {
  readonly error: SqlError;
  /** All lines of context, of the callers too. */
  readonly context: string;
}
