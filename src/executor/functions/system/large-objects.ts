import type { LargeObjectDescriptor } from '../../../catalog/descriptors.js';
import { Privilege } from '../../../catalog/descriptors.js';
import { inheritsFrom, isMemberOf, isSuperuser } from '../../../catalog/privileges.js';
import { SpaceName } from '../../../commons/space-name.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { lockTags } from '../../../transaction/lock-tags.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { MAX_SIZE, readBytes, sizeOf, truncateTo, writeBytes } from '../../large-objects/large-object.js';
import type { OpenObject } from '../../large-objects/open-objects.js';
import type { AsyncFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

const INV_WRITE = 0x20000;
const INV_READ = 0x40000;

/** @throws SqlError 42704 */
function find(oid: number, cx: FunctionContext): LargeObjectDescriptor {
  const found = cx.session.catalog.snapshot(cx.transaction).freeStandingByOid('large object', oid);
  if (found === undefined) throw new SqlError(SqlState.undefinedObject, `large object ${oid} does not exist`);
  return found;
}

/** @throws SqlError 42501 */
function requirePrivilege({ oid, owner, acl }: LargeObjectDescriptor, privilege: number, cx: FunctionContext): void {
  const role = cx.session.currentRole;
  if (isSuperuser(cx.catalog, role)) return;
  const held = acl ?? [{ grantee: owner, grantor: owner, privileges: Privilege.select | Privilege.update, grantable: 0 }];
  for (const { grantee, privileges } of held)
    if ((privileges & privilege) !== 0 && (grantee === 0 || inheritsFrom(cx.catalog, role, grantee))) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied for large object ${oid}`);
}

/** @throws SqlError 25006 */
function requireMayWrite(cx: FunctionContext): void {
  if (cx.transaction.options.readOnly)
    throw new SqlError(SqlState.readOnlySqlTransaction, 'cannot execute lo_open(INV_WRITE) in a read-only transaction');
}

/** @throws SqlError 25006 */
function requireWritable(name: string, cx: FunctionContext): void {
  if (cx.transaction.options.readOnly)
    throw new SqlError(SqlState.readOnlySqlTransaction, `cannot execute ${name}() in a read-only transaction`);
}

async function lock(oid: number, cx: FunctionContext): Promise<void> {
  await cx.transaction.lock(lockTags.object('large object', String(oid)), 'EXCLUSIVE');
}

async function create(wanted: number, name: string, cx: FunctionContext): Promise<LargeObjectDescriptor> {
  requireWritable(name, cx);
  const { catalog, currentRole } = cx.session;
  const oid = wanted === 0 ? catalog.allocateOid() : wanted;
  await lock(oid, cx);
  const isTaken = catalog
    .snapshot(cx.transaction)
    .freeStanding('large object')
    .some((object) => object.oid === oid);
  if (isTaken)
    throw new SqlError(SqlState.uniqueViolation, 'duplicate key value violates unique constraint "pg_largeobject_metadata_oid_index"', {
      detail: `Key (oid)=(${oid}) already exists.`,
    });
  const storage = catalog.allocateStorage();
  const made: LargeObjectDescriptor = { kind: 'large object', oid, name: String(oid), owner: currentRole, storage };
  catalog.put(cx.transaction, made);
  return made;
}

function open(oid: number, flags: number, cx: FunctionContext): number {
  const writes = (flags & INV_WRITE) !== 0;
  if (!writes && (flags & INV_READ) === 0)
    throw new SqlError(SqlState.invalidParameterValue, `invalid flags for opening a large object: ${flags}`);
  const object = find(oid, cx);
  if (writes) requireMayWrite(cx);
  requirePrivilege(object, writes ? Privilege.update : Privilege.select, cx);
  return cx.session.openObjects.add(cx.transaction, { oid, writes, offset: 0 });
}

/** @throws SqlError 42704 */
function openObject(descriptor: number, { session, transaction }: FunctionContext): OpenObject {
  return session.openObjects.get(transaction, descriptor);
}

async function seek(args: readonly SqlValue[], cx: FunctionContext): Promise<number> {
  const [descriptor = 0, offset = 0, whence = 0] = args.map(Number);
  const object = openObject(descriptor, cx);
  if (whence < 0 || whence > 2) throw new SqlError(SqlState.invalidParameterValue, `invalid whence setting: ${whence}`);
  const from = whence === 0 ? 0 : whence === 1 ? object.offset : await sizeOf(find(object.oid, cx), cx);
  const target = from + offset;
  if (target < 0 || target > MAX_SIZE) throw invalidTarget('seek', target);
  object.offset = target;
  return target;
}

function invalidTarget(what: 'seek' | 'truncation', target: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `invalid large object ${what} target: ${target}`);
}

function forWriting(descriptor: number, cx: FunctionContext): OpenObject {
  const object = openObject(descriptor, cx);
  if (!object.writes)
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `large object descriptor ${descriptor} was not opened for writing`);
  return object;
}

const bytesOf = (value: SqlValue | undefined): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array(0));

const truncate: AsyncFunction = async (args, cx) => {
  const [descriptor = 0, size = 0] = args.map(Number);
  const { oid } = forWriting(descriptor, cx);
  if (size < 0 || size > MAX_SIZE) throw invalidTarget('truncation', size);
  await lock(oid, cx);
  await truncateTo(find(oid, cx), size, cx);
  return 0;
};

async function get(oid: number, offset: number, length: number, cx: FunctionContext): Promise<Uint8Array> {
  const object = find(oid, cx);
  requirePrivilege(object, Privilege.select, cx);
  return readBytes(object, offset, length, cx);
}

/** Large objects, by SQL and by the function calls of libpq. */
export const largeObjectFunctions: FunctionTable = {
  scalar: {
    be_lo_close: (descriptor: number, cx: FunctionContext) => {
      cx.session.openObjects.close(cx.transaction, descriptor);
      return 0;
    },
    be_lo_tell: (descriptor: number, cx: FunctionContext) => openObject(descriptor, cx).offset,
    be_lo_tell64: (descriptor: number, cx: FunctionContext) => openObject(descriptor, cx).offset,
    be_lo_open: open,
  },
  async: {
    be_lo_create: async ([oid], cx) => (await create(Number(oid), 'lo_create', cx)).oid,
    be_lo_creat: async (_args, cx) => (await create(0, 'lo_creat', cx)).oid,
    be_lo_unlink: async ([value], cx) => {
      requireWritable('lo_unlink', cx);
      const oid = Number(value);
      await lock(oid, cx);
      const object = find(oid, cx);
      if (!isMemberOf(cx.catalog, cx.session.currentRole, object.owner))
        throw new SqlError(SqlState.insufficientPrivilege, `must be owner of large object ${oid}`);
      cx.session.openObjects.closeAll(cx.transaction, oid);
      cx.transaction.dropSpace(cx.session.transactions.store.space(SpaceName.shared(object.storage)));
      cx.session.catalog.remove(cx.transaction, object.kind, oid);
      return 1;
    },
    be_loread: async (args, cx) => {
      const [descriptor = 0, length = 0] = args.map(Number);
      const object = openObject(descriptor, cx);
      const bytes = await readBytes(find(object.oid, cx), object.offset, Math.max(0, length), cx);
      object.offset += bytes.length;
      return bytes;
    },
    be_lowrite: async ([descriptor, value], cx) => {
      const object = forWriting(Number(descriptor), cx);
      const data = bytesOf(value);
      await lock(object.oid, cx);
      await writeBytes(find(object.oid, cx), object.offset, data, cx);
      object.offset += data.length;
      return data.length;
    },
    be_lo_lseek: seek,
    be_lo_lseek64: seek,
    be_lo_truncate: truncate,
    be_lo_truncate64: truncate,
    be_lo_from_bytea: async ([oid, value], cx) => {
      const object = await create(Number(oid), 'lo_from_bytea', cx);
      await writeBytes(object, 0, bytesOf(value), cx);
      return object.oid;
    },
    be_lo_get: ([oid], cx) => get(Number(oid), 0, MAX_SIZE, cx),
    be_lo_get_fragment: ([oid, offset, length], cx) => {
      if (Number(length) < 0) throw new SqlError(SqlState.invalidParameterValue, 'requested length cannot be negative');
      if (Number(offset) < 0) throw invalidTarget('seek', Number(offset));
      return get(Number(oid), Number(offset), Number(length), cx);
    },
    be_lo_put: async ([value, offset, data], cx) => {
      requireWritable('lo_put', cx);
      const oid = Number(value);
      await lock(oid, cx);
      const object = find(oid, cx);
      requirePrivilege(object, Privilege.update, cx);
      if (Number(offset) < 0) throw invalidTarget('seek', Number(offset));
      await writeBytes(object, Number(offset), bytesOf(data), cx);
      return '';
    },
  },
};
