import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

/** A file system of its own, as small as a test needs it. */
function mountSmall(sizeMb: number): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'kalamdb-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
}

const disk = mountSmall(48);
afterAll(() => {
  if (disk === undefined) return;
  execFileSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(disk === undefined)('a disk that is full (needs leave to mount a tmpfs)', () => {
  it('fails statements with 53100, loses nothing, and takes more when there is room again, also after SIGKILL', {
    timeout: 60_000,
  }, async () => {
    const data = join(disk ?? '', 'data');
    const ballast = join(disk ?? '', 'ballast');
    const server = await new ServerProcess({ label: 'disk-full', args: ['--data', data] }).start();
    let client = new pg.Client(server.connection);
    await client.connect();
    await client.query('CREATE TABLE t (id int PRIMARY KEY, v text)');
    writeFileSync(ballast, Buffer.alloc(12 * 1024 * 1024));
    let acknowledged = 0;
    const insert = () => client.query('INSERT INTO t SELECT $1::int, repeat(md5($1::text), 300)', [acknowledged]);
    const fill = async (): Promise<unknown> => {
      for (;;) {
        try {
          await insert();
          acknowledged++;
        } catch (error) {
          return error;
        }
      }
    };
    const count = async () => Number((await client.query('SELECT count(*) FROM t')).rows[0].count);
    expect(await fill()).toMatchObject({ code: '53100' });
    expect(acknowledged).toBeGreaterThan(100);
    expect(await count()).toBe(acknowledged);
    rmSync(ballast);
    await expect.poll(() => insert().then(() => ++acknowledged), { timeout: 5000 }).toBeGreaterThan(0);
    expect(await count()).toBe(acknowledged);
    expect(await fill()).toMatchObject({ code: '53100' });
    await client.end().catch(() => undefined);
    await server.kill();
    // Nothing can be written, and what there is must be there all the same.
    execFileSync('mount', ['-o', 'remount,size=96m', disk ?? '']);
    await server.start();
    client = new pg.Client(server.connection);
    await client.connect();
    expect(await count()).toBe(acknowledged);
    await insert();
    expect(await count()).toBe(acknowledged + 1);
    await client.end();
    await server.close();
  });
});
