import { assert } from '../commons/assert.js';
import { type ShardId, shardId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { SLOT_COUNT, SystemSpace } from '../commons/system-names.js';
import { evenSlotMap } from '../executor/access/index.js';
import { compileKeyEncoder } from '../store/key-codec.js';
import { compileRowDecoder, encodeRow } from '../store/row-codec.js';
import type { TransactionManager } from '../transaction/transaction.js';

/** Shards of a new data directory. Slots can move to others later. */
const INITIAL_SHARDS = 4;

/** The shard of each slot: read from system table `slots`, or dealt out evenly in a new data directory. */
export async function loadSlotMap(transactions: TransactionManager): Promise<readonly ShardId[]> {
  const { store } = transactions;
  const space = store.space(SpaceName.system(SystemSpace.slots));
  const encodeKey = compileKeyEncoder([{ type: 'int8', notNull: true }]);
  const stored = await readSlots(transactions);
  if (stored.length > 0) {
    assert(stored.length === SLOT_COUNT, `a slot map has ${SLOT_COUNT} slots`);
    return stored;
  }
  const map = evenSlotMap(INITIAL_SHARDS);
  const tx = transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
  map.forEach((shard, slot) => {
    tx.put(space, encodeKey([slot]), encodeRow([slot, shard]));
  });
  await tx.commit();
  return map;
}

async function readSlots({ store }: TransactionManager): Promise<ShardId[]> {
  const snapshot = store.snapshot();
  const decode = compileRowDecoder(2);
  const shards: ShardId[] = [];
  try {
    const scan = snapshot.scan(store.space(SpaceName.system(SystemSpace.slots)), {});
    while (await scan.next()) {
      const [slot, shard] = decode(scan.value);
      assert(typeof slot === 'number' && typeof shard === 'number', 'a damaged slot map');
      shards[slot] = shardId(shard);
    }
    scan.close();
  } finally {
    snapshot.release();
  }
  return shards;
}
