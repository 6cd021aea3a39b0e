import type { SqlError } from '../../../commons/sql-error.js';
import { type Row, type SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import { Frame } from '../../frame.js';
import type { Waiting } from '../../waiting.js';
import type { CompileContext, RoutineCall, RowSink } from '../routine.js';
import type { ExpressionScope, RoutineFrame } from '../statements.js';
import type { Body } from './body.js';
import { Casts } from './casts.js';
import { levelOf } from './extra-levels.js';
import { placeOf } from './place.js';
import type { Shape } from './shape.js';
import type { Step } from './step.js';

/** One call of a routine: its variables, and where it stands. */
export class Activation implements RoutineFrame {
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
  #loops: HeldLoop[] | undefined;
  #casts: Casts | undefined;
  /** Arrays that nobody else can see: assigning to their elements changes them in place. By the variables' numbers. */
  #owned: (OwnedArray | undefined)[] | undefined;
  #tooManyRows: 'ERROR' | 'WARNING' | undefined | null = null;
  #scope: ExpressionScope | undefined;
  #frame: Frame | undefined;
  #frames: Map<object, Frame> | undefined;
  #compile: CompileContext | undefined;

  constructor(body: Body, call: RoutineCall) {
    this.body = body;
    this.call = call;
    this.slots = new Array<SqlValue>(body.slotCount).fill(null);
    this.shapes = body.hasRecords ? body.typedShapes.slice() : NO_SHAPES;
  }

  /** Loops over rows that are under way. */
  get loops(): HeldLoop[] {
    this.#loops ??= [];
    return this.#loops;
  }

  get casts(): Casts {
    this.#casts ??= new Casts(this);
    return this.#casts;
  }

  context(): readonly string[] {
    return this.sqlLine === undefined ? [placeOf(this)] : [this.sqlLine, placeOf(this)];
  }

  *hold(): Waiting<void> {
    if (this.#loops !== undefined) for (const rows of this.#loops) yield* rows.hold();
  }

  // ------------------------------------------------------------ arrays

  owned(number: number): OwnedArray | undefined {
    return this.#owned?.[number];
  }

  own(number: number, owned: OwnedArray): void {
    this.#owned ??= [];
    this.#owned[number] = owned;
    this.slots[number] = owned.array;
  }

  /** The array may be seen elsewhere from now on. */
  share(number: number): void {
    if (this.#owned !== undefined) this.#owned[number] = undefined;
  }

  shareAll(numbers: readonly number[]): void {
    if (this.#owned !== undefined) for (const number of numbers) this.#owned[number] = undefined;
  }

  shareEverything(): void {
    this.#owned = undefined;
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

  /** plpgsql.extra_errors and extra_warnings on SELECT INTO of several rows. */
  get tooManyRows(): 'ERROR' | 'WARNING' | undefined {
    if (this.#tooManyRows === null) this.#tooManyRows = levelOf('too_many_rows', this.call.statements);
    return this.#tooManyRows;
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
    if (this.#loops !== undefined) for (const rows of [...this.#loops]) rows.close();
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

const NO_SHAPES: (Shape | undefined)[] = [];

/** A loop over rows that is under way. */
export interface HeldLoop {
  /** Reads what is left, since the transaction is about to end. @throws SqlError 53200 */
  hold(): Waiting<void>;
  close(): void;
}

export interface OwnedArray {
  readonly array: SqlArray;
  /** The same as the array's. */
  readonly elements: SqlValue[];
}

/** An error as GET STACKED DIAGNOSTICS tells it. */
export interface CaughtError {
  readonly error: SqlError;
  /** All lines of context, of the callers too. */
  readonly context: string;
}
