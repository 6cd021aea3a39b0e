import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LiveClients } from '../harness/live-clients.js';
import { ServerProcess } from '../harness/server-process.js';

const server = new ServerProcess({ label: 'retention' });
const clients = new LiveClients(server);

beforeAll(() => server.start());
afterEach(() => clients.close());
afterAll(() => server.close());

it('forgets the oldest deletions where there is room for so many, and says so to whoever asks for them', async () => {
  const client = await clients.connect('postgres');
  const told = async (since: number): Promise<string> =>
    client.query("SELECT count(*) AS n FROM kalamdb.changes('kept', since => $1)", [since]).then(
      ({ rows }) => `${rows[0]?.n}`,
      ({ code }: { code: string }) => code,
    );
  const seqNow = async (): Promise<number> => {
    const { rows } = await client.query("SELECT payload::json->>'seq' AS seq FROM kalamdb.changes('mark') payload");
    return Number(rows.at(-1)?.seq);
  };
  await client.query("CREATE TABLE kept (id int PRIMARY KEY) WITH (type = 'user', deleted_retention_size = '4 kB')");
  await client.query("CREATE TABLE mark (id int PRIMARY KEY) WITH (type = 'user')");
  await client.query('INSERT INTO kept SELECT generate_series(1, 1000)');
  const atFirst = await seqNow();
  await client.query('DELETE FROM kept WHERE id <= 900');
  const later = await seqNow();
  await client.query('DELETE FROM kept WHERE id <= 910');
  expect(await told(atFirst)).toBe('911');
  const deadline = Date.now() + 20_000;
  while ((await told(atFirst)) !== '58P01' && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await told(atFirst)).toBe('58P01');
  expect(await told(later)).toBe('11');
  const { rows } = await client.query("SELECT deleted_retention_bytes AS bytes FROM system.tables WHERE table_name = 'kept'");
  expect(rows).toEqual([{ bytes: '4096' }]);
});

it('refuses sizes that are none', async () => {
  const client = await clients.connect('postgres');
  await client.query("CREATE TABLE sized (id int PRIMARY KEY) WITH (type = 'user', deleted_retention_size = '1 MB')");
  await expect(client.query("ALTER TABLE sized SET (deleted_retention_size = 'much')")).rejects.toMatchObject({ code: '22023' });
  await expect(client.query("ALTER TABLE sized SET (deleted_retention_size = '-1')")).rejects.toMatchObject({ code: '22023' });
  await expect(client.query("ALTER TABLE sized SET (deleted_retention = '-1 day')")).rejects.toMatchObject({ code: '22023' });
  await client.query('ALTER TABLE sized RESET (deleted_retention_size)');
  const { rows } = await client.query("SELECT deleted_retention_bytes AS bytes FROM system.tables WHERE table_name = 'sized'");
  expect(rows).toEqual([{ bytes: null }]);
});
