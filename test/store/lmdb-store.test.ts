import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { toStoreError } from '../../src/store/lmdb/lmdb-errors.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { StoreOpenError } from '../../src/store/store-open-error.js';
import { conformance } from './conformance.js';

let directory = '';
const fresh = () => mkdtempSync(join(tmpdir(), 'kalamdb-store-'));

conformance({
  name: 'lmdb',
  durable: true,
  open: () => {
    directory = fresh();
    return openLmdbStore(directory);
  },
  reopen: async (store) => {
    await store.close();
    return openLmdbStore(directory);
  },
  cleanUp: async () => rmSync(directory, { recursive: true, force: true }),
});

describe('lmdb data directory', () => {
  beforeEach(() => {
    directory = fresh();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('refuses a directory that is in use by this process', async () => {
    const store = await openLmdbStore(directory);
    await expect(openLmdbStore(directory)).rejects.toThrow(StoreOpenError);
    const space = store.space(SpaceName.shared(storageId(1)));
    await store.write([{ op: 'put', space, key: new Uint8Array([1]), value: new Uint8Array([1]) }]);
    await expect(openLmdbStore(directory)).rejects.toThrow(
      `data directory "${directory}" is in use by another server (process ${process.pid})`,
    );
    const snapshot = store.snapshot();
    expect(await snapshot.get(space, new Uint8Array([1]))).toHaveLength(1);
    snapshot.release();
    await store.close();
    await (await openLmdbStore(directory)).close();
  });

  it('refuses a directory that is in use by another process, and takes it over after SIGKILL', async () => {
    const script = join(directory, 'holder.ts');
    const module = new URL('../../src/store/lmdb/lmdb-store.ts', import.meta.url).pathname;
    const data = join(directory, 'data');
    writeFileSync(
      script,
      `import { toStoreError } from '../../src/store/lmdb/lmdb-errors.js';
import { openLmdbStore } from '${module}';\nopenLmdbStore('${data}').then(() => { console.log('open'); setInterval(() => {}, 1000); });\n`,
    );
    const holder = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(openLmdbStore(data)).rejects.toThrow(`data directory "${data}" is in use by another server (process ${holder.pid})`);
    await expect(openLmdbStore(data)).rejects.toThrow('in use');
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    await (await openLmdbStore(data)).close();
  });

  it('refuses another format, a damaged format file and a foreign database', async () => {
    writeFileSync(join(directory, 'store-format'), 'kalamdb store format 7\n');
    await expect(openLmdbStore(directory)).rejects.toThrow(
      `data directory "${directory}" was written in format 7, but this version of KalamDB reads only format 2`,
    );
    writeFileSync(join(directory, 'store-format'), '');
    await expect(openLmdbStore(directory)).rejects.toThrow('damaged');
    rmSync(join(directory, 'store-format'));
    writeFileSync(join(directory, 'data.mdb'), 'something');
    await expect(openLmdbStore(directory)).rejects.toThrow('not one of KalamDB');
  });

  it('says why a directory cannot be used', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(openLmdbStore(join(file, 'data'))).rejects.toThrow(StoreOpenError);
  });

  it('makes a backup that opens', async () => {
    const store = await openLmdbStore(join(directory, 'data'));
    const space = store.space(SpaceName.shared(storageId(1)));
    await store.write([{ op: 'put', space, key: new Uint8Array([1]), value: new Uint8Array([42]) }]);
    await store.backup(join(directory, 'backup'));
    await expect(store.backup(join(directory, 'backup'))).rejects.toThrow('not empty');
    await store.close();
    const copy = await openLmdbStore(join(directory, 'backup'));
    const snapshot = copy.snapshot();
    expect(await snapshot.get(copy.space(space.name), new Uint8Array([1]))).toEqual(new Uint8Array([42]));
    snapshot.release();
    await copy.close();
  });
});

describe('lmdb errors', () => {
  const failure = (code: number, message: string) =>
    Object.assign(new Error('Commit failed'), { commitError: Promise.reject(Object.assign(new Error(message), { code })) });
  it('are a full disk or something worse', async () => {
    const enormous = Number.MAX_SAFE_INTEGER;
    expect(await toStoreError(failure(28, 'No space left on device'), tmpdir(), 10)).toMatchObject({ code: '53100' });
    expect(await toStoreError(failure(-30792, 'MDB_MAP_FULL'), tmpdir(), 10)).toMatchObject({ code: '53100' });
    expect(await toStoreError(failure(5, 'Input/output error'), tmpdir(), enormous)).toMatchObject({ code: '53100' });
    expect(await toStoreError(failure(5, 'Input/output error'), tmpdir(), 10)).toMatchObject({
      code: '58030',
      message: 'could not write to data file: Input/output error',
    });
    expect(await toStoreError(new Error('anything'), tmpdir(), 10)).toMatchObject({ code: '58030' });
  });
});
