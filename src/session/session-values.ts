import type { Oid } from '../commons/ids.js';
import { SettingName } from '../commons/setting-names.js';
import type { PlanningSettings } from '../planner/context.js';
import type { TransactionOptions } from '../transaction/transaction.js';
import type { SessionSettings } from './settings/session-settings.js';

const BYTES_PER_KB = 1024;
/** Least severe first; INFO is always sent. */
const NOTICE_LEVELS: Readonly<Record<string, number>> = {
  debug5: 0,
  debug4: 1,
  debug3: 2,
  debug2: 3,
  debug1: 4,
  log: 5,
  notice: 6,
  warning: 7,
  error: 8,
};
const SEVERITY_LEVELS: Readonly<Record<string, number>> = { DEBUG: 3, LOG: 5, NOTICE: 6, WARNING: 7, INFO: 9 };

/** Settings that every statement needs, as values instead of text. Read anew only when a setting changed. */
export class SessionValues {
  readonly #backendPid: number;
  readonly #database: Oid;
  #version = 0;
  #planning: PlanningSettings | undefined;
  #planVersion = 0;
  workMemBytes = 0;
  statementTimeoutMs = 0;
  lockTimeoutMs = 0;
  deadlockTimeoutMs = 1000;
  transactionTimeoutMs = 0;
  idleInTransactionTimeoutMs = 0;
  idleTimeoutMs = 0;
  maxSnapshotAgeMs = 0;
  maxMemoryBytes = Number.POSITIVE_INFINITY;
  maxPreparedStatements = 0;
  maxCursors = 0;
  commitsAsynchronously = false;
  /** pg_stat_statements.track, and .track_utility. */
  tracksQueries = false;
  tracksUtilities = false;
  /** standard_conforming_strings */
  conformingStrings = true;
  /** Of new transactions. */
  transactionOptions: TransactionOptions;
  #noticeLevel = 6;

  readonly #encodingChanged: (name: string) => void;
  /** client_encoding */
  #encoding = 'UTF8';

  constructor(backendPid: number, database: Oid, encodingChanged: (name: string) => void) {
    this.#encodingChanged = encodingChanged;
    this.#backendPid = backendPid;
    this.#database = database;
    this.transactionOptions = { isolation: 'read committed', readOnly: false, backendPid, database };
  }

  refresh(settings: SessionSettings): void {
    if (this.#version === settings.version) return;
    this.#version = settings.version;
    this.workMemBytes = settings.integer(SettingName.workMem) * BYTES_PER_KB;
    this.statementTimeoutMs = settings.integer(SettingName.statementTimeout);
    this.lockTimeoutMs = settings.integer(SettingName.lockTimeout);
    this.deadlockTimeoutMs = settings.integer(SettingName.deadlockTimeout);
    this.transactionTimeoutMs = settings.integer(SettingName.transactionTimeout);
    this.idleInTransactionTimeoutMs = settings.integer(SettingName.idleInTransactionSessionTimeout);
    this.idleTimeoutMs = settings.integer(SettingName.idleSessionTimeout);
    this.maxSnapshotAgeMs = settings.integer(SettingName.kalamdbMaxSnapshotAge);
    this.maxMemoryBytes = settings.integer(SettingName.kalamdbMaxSessionMemory) * BYTES_PER_KB;
    this.maxPreparedStatements = settings.integer(SettingName.kalamdbMaxPreparedStatements);
    this.maxCursors = settings.integer(SettingName.kalamdbMaxCursors);
    this.commitsAsynchronously = settings.value(SettingName.synchronousCommit) === 'off';
    this.tracksQueries = settings.value(SettingName.statementsTrack) !== 'none';
    this.tracksUtilities = this.tracksQueries && settings.isOn(SettingName.statementsTrackUtility);
    this.conformingStrings = settings.isOn(SettingName.standardConformingStrings);
    const encoding = settings.value(SettingName.clientEncoding);
    if (encoding !== this.#encoding) {
      this.#encoding = encoding;
      this.#encodingChanged(encoding);
    }
    this.#noticeLevel = NOTICE_LEVELS[settings.value(SettingName.clientMinMessages)] ?? 6;
    this.transactionOptions = {
      ...isolationOf(settings.value(SettingName.defaultTransactionIsolation)),
      readOnly: settings.isOn(SettingName.defaultTransactionReadOnly),
      deferrable: settings.isOn(SettingName.defaultTransactionDeferrable),
      backendPid: this.#backendPid,
      database: this.#database,
    };
  }

  admits(severity: string): boolean {
    return (SEVERITY_LEVELS[severity] ?? 9) >= this.#noticeLevel;
  }

  planning(settings: SessionSettings): PlanningSettings {
    if (this.#planning !== undefined && this.#planVersion === settings.planVersion) return this.#planning;
    this.#planVersion = settings.planVersion;
    this.#planning = {
      enableHashJoin: settings.isOn(SettingName.enableHashJoin),
      enableMergeJoin: settings.isOn(SettingName.enableMergeJoin),
      enableNestedLoop: settings.isOn(SettingName.enableNestedLoop),
      enableSequentialScan: settings.isOn(SettingName.enableSequentialScan),
      enableIndexScan: settings.isOn(SettingName.enableIndexScan),
      enableHashAggregate: settings.isOn(SettingName.enableHashAggregate),
      enableSort: settings.isOn(SettingName.enableSort),
      workMemBytes: settings.integer(SettingName.workMem) * BYTES_PER_KB,
    };
    return this.#planning;
  }
}

/** READ UNCOMMITTED is READ COMMITTED, as in PostgreSQL, but keeps its name. */
export function isolationOf(text: string): Pick<TransactionOptions, 'isolation' | 'uncommitted'> {
  const isolation = text === 'serializable' || text === 'repeatable read' ? text : 'read committed';
  return { isolation, uncommitted: text === 'read uncommitted' };
}

export const isolationName = ({ isolation, uncommitted }: TransactionOptions): string =>
  uncommitted === true ? 'read uncommitted' : isolation;
