import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import { type RunFile, type RunWriter, type SpillCounts, SpillFiles } from './spill-file.js';

/** Parts that spilled rows are dealt out to: 64 times work_mem is joined or grouped part by part, each about work_mem's size. */
const PARTS = 64;
const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;

/** Rows in files by the hash of a key: equal keys lie in one part. */
export class PartitionedRows {
  readonly count = PARTS;
  readonly #files: SpillFiles;
  readonly #writers: (RunWriter | undefined)[] = new Array<undefined>(PARTS).fill(undefined);
  #runs: (RunFile | undefined)[] | undefined;

  constructor(counts: SpillCounts) {
    this.#files = new SpillFiles(counts);
  }

  add(key: HashKey, row: Row): void {
    const part = partOf(key);
    let writer = this.#writers[part];
    if (writer === undefined) {
      writer = this.#files.create();
      this.#writers[part] = writer;
    }
    writer.add(row);
  }

  /** Ends the adding. */
  *read(part: number): Generator<Row, void, void> {
    this.#runs ??= this.#writers.map((writer) => writer?.finish());
    const run = this.#runs[part];
    if (run !== undefined) yield* run.read();
  }

  remove(): void {
    this.#files.remove();
  }
}

function partOf(key: HashKey): number {
  if (typeof key === 'number' && (key | 0) === key) return mixed(Math.imul(key ^ (key >>> 15), 0x2c1b3c6d));
  const text = typeof key === 'string' ? key : String(key);
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return mixed(hash);
}

const mixed = (hash: number): number => ((hash ^ (hash >>> 16)) >>> 0) % PARTS;
