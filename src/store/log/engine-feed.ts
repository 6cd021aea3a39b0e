import { assert } from '../../commons/assert.js';
import type { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { WriteBatch } from '../store.js';
import type { Engine } from './engine.js';
import { Layer } from './layer.js';
import { toLogError } from './log-errors.js';

/** A layer is full with so many operations: so few that handing it over is no long turn of the event loop. */
const LAYER_OPERATIONS = 1_000;
const LAYER_BYTES = 1024 * 1024;
/** A layer is handed over after so long, full or not. */
const LAYER_MS = 20;
/** Of a batch that goes past the layers; each piece is a transaction of the engine's. */
const PIECE_OPERATIONS = 10_000;
const RETRY_MS = 500;

export interface FeedObserver {
  /** A layer less. */
  applied(): void;
  /** The engine did not take one. After 53100 it is tried again, after anything else not. */
  failed(error: SqlError): void;
}

/**
 * Life of a layer: batches are added → it is full or old → it is frozen, and a new one is begun → once all of it is safe in the log the
 * engine applies it, in one transaction → it is dropped; snapshots that were taken before keep it.
 */
export class EngineFeed {
  /** Of the newest batch in the engine; and the label of the newest there that has one. */
  appliedNumber: number;
  appliedLabel: Uint8Array | undefined;
  readonly #engine: Engine;
  readonly #observer: FeedObserver;
  /** Those with something in them, the oldest first. Never changed, but replaced: snapshots hold them. */
  #layers: readonly Layer[] = [];
  /** The last of them, while it takes more. */
  #filling: Layer | undefined;
  #durable: number;
  #isApplying = false;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #between: (() => void)[] = [];
  #draining: { readonly number: number; readonly resolve: () => void; readonly reject: (error: SqlError) => void }[] = [];

  constructor(engine: Engine, start: { readonly number: number; readonly label: Uint8Array | undefined }, observer: FeedObserver) {
    this.#engine = engine;
    this.#observer = observer;
    this.appliedNumber = start.number;
    this.appliedLabel = start.label;
    this.#durable = start.number;
  }

  get sizeBytes(): number {
    let total = 0;
    for (const layer of this.#layers) total += layer.sizeBytes;
    return total;
  }

  /** There is something that the engine could take. */
  get isBehind(): boolean {
    const oldest = this.#layers[0];
    return oldest !== undefined && oldest.lastNumber <= this.#durable;
  }

  /** Those in which a snapshot of that number finds something, the oldest first. */
  layersUpTo(number: number): readonly Layer[] {
    const layers = this.#layers;
    const last = layers.at(-1);
    if (last === undefined || last.firstNumber <= number) return layers;
    return layers.filter(({ firstNumber }) => firstNumber <= number);
  }

  add(number: number, batch: WriteBatch, label: Uint8Array | undefined): void {
    let layer = this.#filling;
    if (layer === undefined) {
      layer = new Layer(number);
      this.#filling = layer;
      this.#layers = [...this.#layers, layer];
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#freeze();
        this.#run();
      }, LAYER_MS).unref();
    }
    layer.add(number, batch, label);
  }

  /** Up to there all is safe in the log. */
  durable(number: number): void {
    this.#durable = number;
    const filling = this.#filling;
    if (filling !== undefined && (filling.operations >= LAYER_OPERATIONS || filling.sizeBytes >= LAYER_BYTES)) this.#freeze();
    this.#run();
  }

  /** Gives the engine a batch that has no layer, when nothing is in its way here. What `between` wants to do waits. */
  applyDirectly(number: number, batch: WriteBatch, sizeBytes: number, label: Uint8Array | undefined): Promise<void> {
    return this.#apply([batch], number, sizeBytes, label);
  }

  /**
   * As `applyDirectly`, of a batch that is in the log: in pieces, so that handing it over holds up nobody. Should one be refused, the engine
   * has those before it, which is no harm: the whole batch comes again, and until the engine has it nobody reads from there alone.
   */
  applyLogged(number: number, batch: WriteBatch, sizeBytes: number, label: Uint8Array | undefined): Promise<void> {
    // A range deletion has to see what the batch itself has put.
    if (batch.some(({ op }) => op === 'delete range')) return this.applyDirectly(number, batch, sizeBytes, label);
    const pieces: WriteBatch[] = [];
    for (let from = 0; from < batch.length; from += PIECE_OPERATIONS) pieces.push(batch.slice(from, from + PIECE_OPERATIONS));
    return this.#apply(pieces, number, sizeBytes, label);
  }

  async #apply(pieces: readonly WriteBatch[], number: number, sizeBytes: number, label: Uint8Array | undefined): Promise<void> {
    assert(!this.#isApplying, 'two batches are applied at once');
    this.#isApplying = true;
    try {
      for (const piece of pieces) await this.#engine.apply(piece, sizeBytes);
      this.#durable = number;
      this.appliedNumber = number;
      this.appliedLabel = label ?? this.appliedLabel;
    } finally {
      this.#pause();
    }
  }

  /** Takes back what from a number on was added. */
  undo(from: number): void {
    this.#layers = this.#layers.filter((layer) => layer.firstNumber < from);
    for (const layer of this.#layers) layer.undo(from);
    if (this.#filling !== undefined && !this.#layers.includes(this.#filling)) this.#filling = undefined;
    this.#run();
  }

  /** Resolves when the engine has all that is durable now. @throws SqlError when it does not take it */
  drain(): Promise<void> {
    this.#freeze();
    const number = this.#durable;
    const oldest = this.#layers[0];
    if (oldest === undefined || oldest.firstNumber > number) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#draining.push({ number, resolve, reject });
      clearTimeout(this.#retry);
      this.#retry = undefined;
      this.#run();
    });
  }

  /** Does something at once, or as soon as the engine is not applying anything. */
  between<T>(action: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(action());
        } catch (error) {
          reject(error);
        }
      };
      if (this.#isApplying) this.#between.push(run);
      else run();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  #freeze(): void {
    this.#filling = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    const layer = this.#layers[0];
    if (this.#isApplying || this.#retry !== undefined || layer === undefined) return;
    if (layer === this.#filling || layer.lastNumber > this.#durable) return;
    this.#isApplying = true;
    this.#engine.apply(layer.forEngine(), layer.sizeBytes).then(
      () => this.#taken(layer),
      (error: unknown) => this.#refused(toLogError(error)),
    );
  }

  #taken(layer: Layer): void {
    this.#engine.advance();
    this.#layers = this.#layers.slice(1);
    this.appliedNumber = layer.lastNumber;
    this.appliedLabel = layer.lastLabel ?? this.appliedLabel;
    this.#pause();
    const drained = this.#draining.filter(({ number }) => this.#layers[0] === undefined || this.#layers[0].firstNumber > number);
    if (drained.length > 0) this.#draining = this.#draining.filter((one) => !drained.includes(one));
    for (const { resolve } of drained) resolve();
    this.#observer.applied();
    this.#run();
  }

  #refused(error: SqlError): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#run();
    }, RETRY_MS).unref();
    this.#pause();
    for (const { reject } of this.#draining.splice(0)) reject(error);
    if (error.code !== SqlState.diskFull) clearTimeout(this.#retry);
    this.#observer.failed(error);
  }

  #pause(): void {
    this.#isApplying = false;
    for (const action of this.#between.splice(0)) action();
  }
}
