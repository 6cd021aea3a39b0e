import { maySetParameter } from '../catalog/born-privileges.js';
import type { Catalog } from '../catalog/catalog.js';
import type { RoleDescriptor } from '../catalog/descriptors.js';
import type { SessionEnd } from '../commons/activity-counters.js';
import type { Oid } from '../commons/ids.js';
import { SettingName } from '../commons/setting-names.js';
import { applyOnCommit } from '../executor/ddl/index.js';
import { drive } from '../executor/waiting.js';
import type { Transaction } from '../transaction/transaction.js';
import type { SessionStart } from '../wire/port.js';
import { checkDeferred } from './commands/constraint-commands.js';
import { holdCursors } from './commands/cursor-commands.js';
import { NotificationQueue } from './notification-queue.js';
import { NOWHERE } from './nowhere.js';
import { writesRelaxedStreamsOnly } from './relaxed-streams.js';
import type { ServerParts } from './server-parts.js';
import { Session } from './session.js';
import { SessionCore } from './session-core.js';
import { ServicesOfSession } from './session-services.js';
import { isolationName, isolationOf } from './session-values.js';
import { identityChecks } from './settings/identity-checks.js';
import { SessionSettings, type SettingHooks } from './settings/session-settings.js';
import { VALUE_CHECKS } from './settings/setting-checks.js';
import { textSearchSetting } from './text-search-names.js';
import { TransactionBlock, type TransactionHooks } from './transaction-block.js';
import { cannotPrepare } from './transaction-errors.js';
import { ContextOfUtility } from './utility-context.js';

/** Puts a session together: its parts know each other through the core. */
export function makeSession(
  parts: ServerParts,
  catalog: Catalog,
  role: Pick<RoleDescriptor, 'name' | 'oid'>,
  start: SessionStart,
): Session {
  const core = new SessionCore(
    parts,
    parts.sessions.nextPid(),
    { name: role.name, oid: role.oid, endUser: start.endUser },
    start.output,
    catalog,
  );
  const settings = new SessionSettings(parts.settings, checksOf(core), hooksOf(core));
  const queue = new NotificationQueue(core, start.output, (error) => session.terminate(error));
  const block = new TransactionBlock(
    parts.transactions,
    transactionHooks(core, () => session),
  );
  const notifications = parts.notifications.open(queue, catalog);
  const { name, oid } = role;
  const openInternal = (): Session => makeInternalSession(parts, catalog, { name, oid }, start.endUser);
  core.attach({ settings, block, services: new ServicesOfSession(core), notifications, openInternal });
  const session: Session = new Session(core, queue, closeSession);
  parts.sessions.add({
    session,
    secretKey: start.secretKey,
    clientAddress: start.clientAddress,
    clientPort: start.clientPort,
    connectedMicros: parts.clock.nowMicros(),
    tls: start.tls,
  });
  return session;
}

/** A session of nobody's: it has settings and formats, and is in no list. */
export function makeInternalSession(
  parts: ServerParts,
  catalog: Catalog,
  role: Pick<RoleDescriptor, 'name' | 'oid'>,
  endUser?: string,
): Session {
  const session = makeSession(parts, catalog, role, {
    user: role.name,
    database: catalog.committed.database().name,
    parameters: new Map(),
    clientAddress: undefined,
    clientPort: undefined,
    tls: undefined,
    endUser,
    expiresMs: undefined,
    secretKey: new Uint8Array(0),
    output: NOWHERE,
  });
  parts.sessions.remove(session.core.pid);
  return session;
}

async function closeSession(session: Session, how: SessionEnd): Promise<void> {
  const { core } = session;
  const entry = core.server.sessions.get(core.pid);
  if (entry !== undefined) {
    const { counters } = core.services;
    counters.ends[how]++;
    counters.sessionMicros += Math.max(0, core.server.clock.nowMicros() - entry.connectedMicros);
  }
  core.server.sessions.remove(core.pid);
  core.notifications.close();
  core.block.abandon();
  core.portals.closeAll();
  core.services.advisoryUnlockAll();
  await core.sessionCatalog.close();
}

function checksOf(core: SessionCore) {
  const source = {
    catalog: () => core.catalog(),
    identity: () => core.identity(),
    isDefiner: () => core.definer !== undefined,
    login: core.login,
  };
  const textSearch = (value: string): string => {
    return textSearchSetting(value, { catalog: core.catalog(), path: core.searchPath().effective.map(({ oid }) => oid) });
  };
  return new Map([...VALUE_CHECKS, ...identityChecks(source), [SettingName.defaultTextSearchConfig, textSearch] as const]);
}

/** Settings that are not kept but are what the session or its transaction is. */
function hooksOf(core: SessionCore): SettingHooks {
  const onOff = (value: boolean): string => (value ? 'on' : 'off');
  const options = () => {
    core.values.refresh(core.settings);
    return core.block.transaction?.options ?? core.values.transactionOptions;
  };
  return {
    maySet: (name) => core.identity().isSuperuser || maySetParameter(core.catalog(), core.identity().currentRole, name),
    derived: new Map([
      [SettingName.isSuperuser, () => onOff(core.identity().isSuperuser)],
      [SettingName.transactionIsolation, () => isolationName(options())],
      [SettingName.transactionReadOnly, () => onOff(options().readOnly)],
      [SettingName.transactionDeferrable, () => onOff(options().deferrable === true)],
    ]),
    actions: new Map([
      [SettingName.transactionIsolation, (value) => core.block.enter().setOptions(isolationOf(value))],
      [SettingName.transactionReadOnly, (value) => core.block.enter().setOptions({ readOnly: value === 'on' })],
      [SettingName.transactionDeferrable, (value) => core.block.enter().setOptions({ deferrable: value === 'on' })],
    ]),
  };
}

/** ON COMMIT DROP and DELETE ROWS. */
function endTemporaryTables(core: SessionCore, transaction: Transaction): void {
  if (core.catalog().tempSchema === undefined) return;
  const view = transaction.view();
  try {
    applyOnCommit(new ContextOfUtility(core, transaction, view));
  } finally {
    view.release();
  }
}

/** The end of a transaction's work, behind its deferred checks. */
function finishWork(core: SessionCore, transaction: Transaction, toPrepare: boolean): Promise<void> | undefined {
  if (toPrepare) {
    requirePreparable(core, transaction);
    return undefined;
  }
  endTemporaryTables(core, transaction);
  if (!core.portals.hasNamed) return undefined;
  const holding = drive(holdCursors(core));
  return holding instanceof Promise ? holding : undefined;
}

/** @throws SqlError 0A000: its session takes with it what is not to be kept for long */
function requirePreparable(core: SessionCore, transaction: Transaction): void {
  for (const { cursor } of core.portals.named()) {
    if (cursor?.hold === true && !cursor.held) throw cannotPrepare('created a cursor WITH HOLD');
  }
  const catalog = core.catalog();
  const isTemporary = (oid: Oid): boolean => {
    const relation = catalog.relationByOid(oid);
    return relation?.kind === 'table' && relation.persistence === 'temporary';
  };
  if (core.sessionCatalog.changesTemporary(transaction) || [...transaction.lockedRelations].some(isTemporary)) {
    throw cannotPrepare('operated on temporary objects');
  }
}

function transactionHooks(core: SessionCore, session: () => Session): TransactionHooks {
  let isOpen = false;
  const over = (how: 'commits' | 'rollbacks'): void => {
    // A block that has failed is rolled back at once, and ends later.
    if (isOpen) core.services.counters[how]++;
    isOpen = false;
    session().transactionEnded();
  };
  return {
    defaults: () => {
      core.values.refresh(core.settings);
      return core.values.transactionOptions;
    },
    statementStart: () => core.statementStartMicros,
    began: (transaction: Transaction) => {
      isOpen = true;
      transaction.signal = core.interrupt.signal;
      transaction.lockTimeoutMs = core.values.lockTimeoutMs;
      transaction.deadlockTimeoutMs = core.values.deadlockTimeoutMs;
      transaction.statementMicros = core.statementStartMicros;
      core.format.transactionStartMicros = transaction.startMicros;
      core.settings.begin();
      session().transactionBegan();
    },
    beforeCommit: (transaction, toPrepare) => {
      if (core.services.constraintChecks.isEmpty) return finishWork(core, transaction, toPrepare);
      const checking = drive(checkDeferred(core, transaction));
      if (checking instanceof Promise) return checking.then(() => finishWork(core, transaction, toPrepare));
      return finishWork(core, transaction, toPrepare);
    },
    ending: (inRoutine) => {
      core.portals.closeAtEnd(inRoutine);
      core.services.constraintChecks.clear();
    },
    durability: (transaction) => {
      core.values.refresh(core.settings);
      return core.values.commitsAsynchronously || writesRelaxedStreamsOnly(transaction, core.catalog()) ? 'ordered' : 'durable';
    },
    committed: () => {
      core.settings.commit();
      over('commits');
    },
    prepared: (transaction) => {
      core.sessionCatalog.leave(transaction);
      core.settings.commit();
      isOpen = false;
      session().transactionEnded();
    },
    rolledBack: () => {
      core.settings.rollback();
      over('rollbacks');
    },
    savepoint: () => {
      core.settings.savepoint();
      core.services.constraintChecks.savepoint();
    },
    rolledBackTo: (depth, inRoutine) => {
      core.portals.closeFrom(depth, inRoutine);
      core.services.constraintChecks.rollbackTo(depth);
      core.settings.rollbackTo(depth);
    },
    released: (depth) => {
      core.settings.release(depth);
      core.services.constraintChecks.release(depth);
    },
    notice: (notice) => core.notice(notice),
  };
}
