import { join } from 'node:path';
import type { LoggedBatch, WriteOperation } from '../store.js';
import { StoreOpenError } from '../store-open-error.js';
import { readFrame } from './batch-record.js';
import { readCheckpoint } from './checkpoint-file.js';
import type { Engine } from './engine.js';
import { LogFiles } from './log-files.js';
import { LoggedStore, type LogSettings } from './logged-store.js';

const LOG_DIRECTORY = 'log';
/** So much of the log is applied in one go. */
const REPLAYED_OPERATIONS = 20_000;
const REPLAYED_BYTES = 16 * 1024 * 1024;

const DEFAULT_SETTINGS: LogSettings = {
  historyBytes: 64 * 1024 ** 2,
  segmentBytes: 8 * 1024 ** 2,
  checkpointBytes: 256 * 1024 ** 2,
};

/**
 * Opens the engine as the last checkpoint left it, and applies what the log has beyond that. So every start that did not follow a clean stop
 * is a recovery, whether the process or the machine died.
 *
 * @param openEngine with the anchor of a checkpoint; without one there is nothing to keep: the store is new
 * @throws StoreOpenError for a damaged checkpoint or log
 */
export async function openLoggedStore(
  directory: string,
  openEngine: (anchor: Uint8Array | undefined) => Promise<Engine>,
  settings: Partial<LogSettings> = {},
): Promise<LoggedStore> {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  const checkpoint = await understandable(directory, readCheckpoint(directory));
  const engine = await openEngine(checkpoint?.anchor);
  let log: LogFiles | undefined;
  try {
    log = await LogFiles.open(join(directory, LOG_DIRECTORY), all);
    const start = {
      number: checkpoint?.number ?? 0,
      label: checkpoint !== undefined && checkpoint.label.length > 0 ? checkpoint.label : undefined,
    };
    const end = await understandable(directory, replay(engine, log, checkpoint?.segment ?? 0, start));
    await log.start();
    const store = new LoggedStore(engine, log, directory, all, end);
    await store.checkpoint();
    return store;
  } catch (error) {
    await log?.close();
    await engine.close();
    throw error;
  }
}

interface Position {
  readonly number: number;
  readonly label: Uint8Array | undefined;
}

async function replay(engine: Engine, log: LogFiles, segment: number, start: Position): Promise<Position> {
  let { number, label } = start;
  let operations: WriteOperation[] = [];
  let sizeBytes = 0;
  const apply = async (): Promise<void> => {
    if (operations.length === 0) return;
    await engine.apply(operations, sizeBytes);
    engine.advance();
    operations = [];
    sizeBytes = 0;
  };
  for await (const payload of log.frames(segment)) {
    for (const batch of readFrame(payload)) {
      if (batch.number <= number) continue;
      if (!batch.isComplete) throw new Error('a batch without its changes lies behind the checkpoint that should have them');
      number = batch.number;
      label = batch.label ?? label;
      for (const operation of operationsOf(batch, engine)) operations.push(operation);
    }
    sizeBytes += payload.length;
    if (operations.length >= REPLAYED_OPERATIONS || sizeBytes >= REPLAYED_BYTES) await apply();
  }
  await apply();
  return { number, label };
}

function* operationsOf({ changes }: LoggedBatch, engine: Engine): Iterable<WriteOperation> {
  for (const change of changes) yield { ...change, space: engine.space(change.space) };
}

async function understandable<T>(directory: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreOpenError) throw error;
    throw new StoreOpenError(
      `data directory "${directory}" cannot be recovered: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
